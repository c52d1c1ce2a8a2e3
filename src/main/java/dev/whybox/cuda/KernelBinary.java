// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.error.WhyboxException.DeviceUnavailable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

  /** Digits of the digest that tell builds apart. */
  private static final int SHOWN_DIGITS = 12;

  private KernelBinary() {}

  /**
   * Whether there are kernels.
   *
   * @return true where {@link #read} finds something to read
   */
  public static boolean exists() {
    String file = System.getenv(VARIABLE);
    return file != null
        ? new File(file).isFile()
        : KernelBinary.class.getResource(RESOURCE) != null;
  }

  /**
   * Where the kernels come from, in words.
   *
   * @return such as {@code in the jar, built with CUDA 13.0 for sm_75, sm_86 and by the driver for
   *     newer (compute_75), sources 0123456789ab}
   */
  public static String origin() {
    String file = System.getenv(VARIABLE);
    if (file != null) {
      return file + " (" + VARIABLE + ")";
    }
    Properties properties = properties();
    String sources = properties.getProperty("sources", "unknown");
    return "in the jar, built with CUDA "
        + toolkit()
        + " for "
        + properties.getProperty("architectures", "unknown").replace(",", ", ")
        + " and by the driver for newer ("
        + properties.getProperty("ptx", "unknown")
        + "), sources "
        + sources.substring(0, Math.min(SHOWN_DIGITS, sources.length()));
  }

  /**
   * The CUDA toolkit that built the kernels in the jar.
   *
   * @return such as {@code 13.0}, or {@code unknown}
   */
  public static String toolkit() {
    return properties().getProperty("toolkit", "unknown");
  }

  /**
   * What the kernels in the jar were built from.
   *
   * @return the SHA-256, in lower-case hexadecimal digits, of what {@code sha256sum} prints of
   *     their sources, by name: see {@code cmake/fatbin.cmake}; or {@code unknown}
   */
  public static String sources() {
    return properties().getProperty("sources", "unknown");
  }

  /** What the build wrote beside the kernels; nothing where there are none. */
  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream stream = KernelBinary.class.getResourceAsStream(PROPERTIES)) {
      if (stream != null) {
        properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      properties.clear(); // What can't be read says nothing.
    }
    return properties;
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
        try (InputStream stream = new FileInputStream(file)) {
          return stream.readAllBytes();
        }
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
        "This build of Whybox has no CUDA kernels. Build it where nvcc and cmake are with"
            + " `mvn -Pkernels package`, or name a file with "
            + VARIABLE
            + ".");
  }
}
