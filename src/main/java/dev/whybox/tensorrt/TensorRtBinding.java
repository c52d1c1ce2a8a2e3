// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.WhyboxException.DeviceUnavailable;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvonnxparser;

/** Loads TensorRT and its ONNX parser, once per process. It keeps the reason of a failure. */
final class TensorRtBinding {
  private static final String PROBLEM = load();

  private TensorRtBinding() {}

  /** The reason why TensorRT cannot be called, or null if it can. */
  static String problem() {
    return PROBLEM;
  }

  /** Throws if TensorRT cannot be called. */
  static void require() {
    if (PROBLEM != null) {
      throw new DeviceUnavailable(PROBLEM + ". `whybox doctor` says what to do.");
    }
  }

  private static String load() {
    // Natives frees TensorRT's objects in a way that only the C++ ABI of Linux defines.
    if (!System.getProperty("os.name").startsWith("Linux")) {
      return "TensorRT is used on Linux only; this is " + System.getProperty("os.name");
    }
    try {
      Loader.load(nvinfer.class);
      Loader.load(nvonnxparser.class);
      return null;
    } catch (LinkageError | RuntimeException e) {
      // The last cause names the missing library; the others name libraries that need it.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String message = String.valueOf(cause.getMessage());
      return "TensorRT cannot be loaded: " + message.lines().findFirst().orElse(message);
    }
  }

  /**
   * The library's version, such as {@code 10.15.1}. Call it only if there is no {@link #problem}.
   */
  static String version() {
    int version = nvinfer.getInferLibVersion();
    return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
  }
}
