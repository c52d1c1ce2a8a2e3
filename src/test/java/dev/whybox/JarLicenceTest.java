// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the jar holds under another licence comes with that licence. */
class JarLicenceTest {
  private static String text(String name) throws IOException {
    try (InputStream in = Whybox.class.getResourceAsStream(name)) {
      assertNotNull(in, name + " is not in the jar");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void jarHoldsTheTextOfBothLicencesAndTheNotice() throws IOException {
    assertTrue(text("/META-INF/LICENSE").contains("Apache License"));
    assertTrue(text("/META-INF/models/COPYING").contains("GNU GENERAL PUBLIC LICENSE"));
    assertTrue(text("/META-INF/models/README.md").contains("Tux Paint stamps"));
  }

  @Test
  void pomNamesBoth() throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("whybox.base", "."), "pom.xml"));
    assertTrue(
        pom.contains("<name>Apache-2.0</name>") && pom.contains("<name>GPL-3.0-only</name>"));
  }
}
