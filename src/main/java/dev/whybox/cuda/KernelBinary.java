// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.WhyboxException.DeviceUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Whybox's kernels as machine code: part of the jar where the build found a CUDA compiler, or a
 * file that the environment variable {@value #VARIABLE} names, for a driver that needs another
 * build.
 */
public final class KernelBinary {
  /** Names a file with the kernels, built by another toolkit. */
  public static final String VARIABLE = "WHYBOX_KERNELS";

  private static final String RESOURCE = "kernels.fatbin";
  private static final String PROPERTIES = "kernels.properties";

  private KernelBinary() {}

  /**
   * Whether there are kernels.
   *
   * @return true where {@link #read} finds something to read
   */
  public static boolean exists() {
    String file = System.getenv(VARIABLE);
    return file != null
        ? Files.isRegularFile(Path.of(file))
        : KernelBinary.class.getResource(RESOURCE) != null;
  }

  /**
   * Where the kernels come from, in words.
   *
   * @return such as {@code built with CUDA 13.0}
   */
  public static String origin() {
    String file = System.getenv(VARIABLE);
    return file != null ? file + " (" + VARIABLE + ")" : "built with CUDA " + toolkit();
  }

  /**
   * The CUDA toolkit that built the kernels in the jar.
   *
   * @return such as {@code 13.0}, or {@code unknown}
   */
  public static String toolkit() {
    try (InputStream stream = KernelBinary.class.getResourceAsStream(PROPERTIES)) {
      Properties properties = new Properties();
      if (stream != null) {
        properties.load(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8));
      }
      return properties.getProperty("toolkit", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * Reads the kernels.
   *
   * @return what the driver loads
   * @throws DeviceUnavailable where there are none, or they can't be read
   */
  public static byte[] read() {
    String file = System.getenv(VARIABLE);
    try {
      if (file != null) {
        return Files.readAllBytes(Path.of(file));
      }
      try (InputStream stream = KernelBinary.class.getResourceAsStream(RESOURCE)) {
        if (stream != null) {
          return stream.readAllBytes();
        }
      }
    } catch (IOException e) {
      throw new DeviceUnavailable(
          "Whybox's CUDA kernels can't be read: " + e + ". Check " + VARIABLE + ".");
    }
    throw new DeviceUnavailable(
        "This build of Whybox has no CUDA kernels. Build it where nvcc is, or name a file with "
            + VARIABLE
            + ".");
  }
}
