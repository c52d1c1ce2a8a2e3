// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import java.nio.file.Path;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the binding to the driver, once a process: a class that failed to load says why the first
 * time only, so the reason is kept.
 */
final class DriverBinding {
  private static final String PROBLEM = load();

  private DriverBinding() {}

  /** What keeps the driver from being called, or null where nothing does. */
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
      // The last cause names the library that can't be loaded; the first one only the binding.
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
