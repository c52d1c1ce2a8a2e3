// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cuGetErrorString;

import dev.whybox.error.WhyboxException.EngineFailure;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Turns the result codes of the driver's calls into exceptions. */
public final class Driver {
  /** The code of a successful call. */
  static final int SUCCESS = 0;

  private static final int OUT_OF_MEMORY = 2;
  private static final int NO_DEVICE = 100;

  private Driver() {}

  /**
   * Throws if a call failed.
   *
   * @param code the code that the call returned
   * @param call the call and what it was for, such as {@code cuMemAlloc (the image)}
   * @throws EngineFailure if the code is an error
   */
  public static void check(int code, String call) {
    if (code != SUCCESS) {
      throw failure(code, call);
    }
  }

  /** Makes the exception for an error. */
  static EngineFailure failure(int code, String call) {
    return new EngineFailure(
        "The GPU failed: " + call + ": " + describe(code) + ". " + remedy(code), null);
  }

  private static String remedy(int code) {
    return switch (code) {
      case OUT_OF_MEMORY ->
          "Free memory on the GPU, take a smaller --batch or --size, or --device cpu.";
      case NO_DEVICE -> "`whybox doctor` lists the GPUs it finds; --device cpu needs none.";
      default ->
          "Run again. If it fails again, look for the driver's messages (NVRM, Xid) in the"
              + " system's log, or take --device cpu.";
    };
  }

  /** An error in words, such as {@code CUDA_ERROR_OUT_OF_MEMORY (2), out of memory}. */
  static String describe(int code) {
    try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
      String name = cuGetErrorName(code, text) == SUCCESS ? string(text) : "error";
      String words = cuGetErrorString(code, text) == SUCCESS ? ", " + string(text) : "";
      return name + " (" + code + ")" + words;
    }
  }

  private static String string(PointerPointer<BytePointer> text) {
    BytePointer bytes = text.get(BytePointer.class, 0);
    return bytes == null ? "error" : bytes.getString();
  }
}
