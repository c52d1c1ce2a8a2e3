// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed run leaves no folder behind, and it deletes nothing that it did not create. */
class AbandonedFolderTest {
  @TempDir Path folder;

  @Test
  void foldersThatWereMadeGo() {
    OutputDirectory.at(folder.resolve("a/b/c")).abandon();
    assertTrue(Files.notExists(folder.resolve("a")));
    assertTrue(Files.exists(folder));
  }

  @Test
  void foldersThatWereThereStay() throws Exception {
    Path there = Files.createDirectory(folder.resolve("there"));
    OutputDirectory.at(there).abandon();
    assertTrue(Files.exists(there));
  }

  @Test
  void foldersWithFilesStay() {
    OutputDirectory directory = OutputDirectory.at(folder.resolve("a/b"));
    Path file = directory.write("f", new byte[] {7});
    directory.abandon();
    assertEquals(1, file.toFile().length());
  }
}
