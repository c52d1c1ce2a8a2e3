// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StemsTest {

  @Test
  void namesThatCanBeReadButNotWrittenAreReplaced() {
    List<Path> files =
        List.of(Path.of("a/caf\uFFFD.jpg"), Path.of("b/caf_.png"), Path.of("a b.c.jpg"));
    assertEquals(List.of("caf_", "caf_-2", "a b.c"), Stems.of(files));
  }
}
