// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import java.nio.file.Path;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the Java binding of the driver, once per process. It keeps the reason of a failure, because
 * Java names the reason only at the first attempt to load a class.
 */
final class DriverBinding {
  private static final String PROBLEM = load();

  private DriverBinding() {}

  /** The reason why the driver cannot be called, or null if it can. */
  static String problem() {
    return PROBLEM;
  }

  private static String load() {
    Path driver = DriverLibrary.find();
    if (driver == null) {
      return "no NVIDIA driver: " + DriverLibrary.name() + " is not on this machine";
    }
    try {
      Loader.load(cudart.class);
      return null;
    } catch (LinkageError | RuntimeException e) {
      // The last cause names the missing library; the first one names only the binding.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String message = String.valueOf(cause.getMessage());
      return "the driver "
          + driver
          + " or CUDA's runtime library cannot be loaded: "
          + message.lines().findFirst().orElse(message);
    }
  }
}
