// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.DeviceUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** If the build has kernels, they are complete and made from the current sources. */
class KernelBinaryTest {
  private static final Path BASE =
      Path.of(System.getProperty("whybox.base", ".")).toAbsolutePath().normalize();

  /** As a fat binary begins, read as bytes: 0xba55ed50. */
  private static final String MAGIC = "50ed55ba";

  private static boolean built() {
    return KernelBinary.class.getResource("kernels.fatbin") != null;
  }

  @Test
  void kernelsAreOfTheseSourcesOrThereAreNone() throws IOException, NoSuchAlgorithmException {
    if (!built()) {
      assertNull(KernelBinary.class.getResource("kernels.properties"), "properties of nothing");
      assertFalse(KernelBinary.exists());
      assertEquals("unknown", KernelBinary.sources());
      String message = assertThrows(DeviceUnavailable.class, KernelBinary::read).getMessage();
      assertTrue(message.contains("-Pkernels"), message);
      return;
    }
    assertTrue(KernelBinary.exists());
    byte[] binary = KernelBinary.read();
    assertEquals(MAGIC, HexFormat.of().formatHex(binary, 0, 4));
    assertNotNull(KernelBinary.class.getResource("kernels.properties"));
    assertTrue(KernelBinary.toolkit().matches("\\d+\\.\\d+"), KernelBinary.toolkit());
    assertEquals(
        digest(),
        KernelBinary.sources(),
        "target/ holds kernels of other sources; build them again with mvn -Pkernels package");
    String origin = KernelBinary.origin();
    assertTrue(origin.contains("CUDA " + KernelBinary.toolkit() + " for sm_"), origin);
    assertTrue(origin.endsWith("sources " + digest().substring(0, 12)), origin);
  }

  /** SHA-256 of what {@code sha256sum} prints of the sources, by name. */
  private static String digest() throws IOException, NoSuchAlgorithmException {
    Map<String, Path> sources = new TreeMap<>();
    try (Stream<Path> files = Files.list(BASE.resolve("src/main/cpp"))) {
      files
          .filter(file -> file.toString().endsWith(".cu") || file.toString().endsWith(".h"))
          .forEach(file -> sources.put(file.getFileName().toString(), file));
    }
    sources.put("fatbin.cmake", BASE.resolve("cmake/fatbin.cmake"));
    StringBuilder sums = new StringBuilder();
    for (Map.Entry<String, Path> source : sources.entrySet()) {
      sums.append(sha256(Files.readAllBytes(source.getValue())))
          .append("  ")
          .append(source.getKey())
          .append('\n');
    }
    return sha256(sums.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
