// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.WhyboxException.DeviceUnavailable;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvonnxparser;

/** Loads TensorRT and its ONNX parser, once a process; keeps why where that fails. */
final class TensorRtBinding {
  private static final String PROBLEM = load();

  private TensorRtBinding() {}

  /** What keeps TensorRT from being called, or null where nothing does. */
  static String problem() {
    return PROBLEM;
  }

  /** Throws where TensorRT can't be called. */
  static void require() {
    if (PROBLEM != null) {
      throw new DeviceUnavailable(PROBLEM + ". `whybox doctor` says what to do.");
    }
  }

  private static String load() {
    // How its objects are freed is known for the C++ ABI of Linux alone.
    if (!System.getProperty("os.name").startsWith("Linux")) {
      return "TensorRT is used on Linux only; this is " + System.getProperty("os.name");
    }
    try {
      Loader.load(nvinfer.class);
      Loader.load(nvonnxparser.class);
      return null;
    } catch (LinkageError | RuntimeException e) {
      // The last cause names the library that is missing; the others only those that need it.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String message = String.valueOf(cause.getMessage());
      return "TensorRT cannot be loaded: " + message.lines().findFirst().orElse(message);
    }
  }

  /** The library's own version, such as {@code 10.15.1}; only where there is no problem. */
  static String version() {
    int version = nvinfer.getInferLibVersion();
    return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
  }
}
