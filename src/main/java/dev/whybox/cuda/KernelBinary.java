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
 * Whybox's kernels as machine code. They are part of the jar if the build found a CUDA compiler.
 * The environment variable {@value #VARIABLE} can name another file, for a driver that needs
 * another build.
 */
public final class KernelBinary {
  /** The environment variable that names a file with kernels from another toolkit. */
  public static final String VARIABLE = "WHYBOX_KERNELS";

  private static final String RESOURCE = "kernels.fatbin";
  private static final String PROPERTIES = "kernels.properties";

  /** The number of the digest's digits that are shown; enough to tell builds apart. */
  private static final int SHOWN_DIGITS = 12;

  private KernelBinary() {}

  /**
   * Whether there are kernels.
   *
   * @return true if {@link #read} has something to read
   */
  public static boolean exists() {
    String file = System.getenv(VARIABLE);
    return file != null
        ? new File(file).isFile()
        : KernelBinary.class.getResource(RESOURCE) != null;
  }

  /**
   * Describes the origin of the kernels.
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
   * The version of the CUDA toolkit that built the kernels in the jar.
   *
   * @return such as {@code 13.0}, or {@code unknown}
   */
  public static String toolkit() {
    return properties().getProperty("toolkit", "unknown");
  }

  /**
   * Identifies the sources of the kernels in the jar.
   *
   * @return the SHA-256, in lower-case hexadecimal digits, of the output of {@code sha256sum} for
   *     the sources sorted by name (see {@code cmake/fatbin.cmake}); or {@code unknown}
   */
  public static String sources() {
    return properties().getProperty("sources", "unknown");
  }

  /** The properties that the build wrote beside the kernels; empty if there are none. */
  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream stream = KernelBinary.class.getResourceAsStream(PROPERTIES)) {
      if (stream != null) {
        properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      properties.clear(); // A file that cannot be read counts as empty.
    }
    return properties;
  }

  /**
   * Reads the kernels.
   *
   * @return the binary that the driver loads
   * @throws DeviceUnavailable if there are none, or if they cannot be read
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
