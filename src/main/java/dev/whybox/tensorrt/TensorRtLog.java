// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.WhyboxException.EngineFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.tensorrt.nvinfer.ILogger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives TensorRT's messages, on any of its threads. It passes them to the log and keeps the
 * errors, since a failed call returns only null. It must live longer than all objects that use it.
 */
final class TensorRtLog extends ILogger {
  private static final Logger LOG = LoggerFactory.getLogger("dev.whybox.tensorrt.TensorRT");
  private static final int KEPT = 5;

  private final Deque<String> errors = new ArrayDeque<>();
  private volatile String last = "";

  @Override
  public void log(Severity severity, String message) {
    // No exception may leave this method: C++ does not expect one and would end the process.
    try {
      last = message;
      switch (severity.intern()) {
        case kINTERNAL_ERROR, kERROR -> {
          LOG.debug(message); // The exception will report it.
          keep(message);
        }
        case kWARNING -> LOG.info(message);
        case kINFO -> LOG.debug(message);
        default -> LOG.trace(message);
      }
    } catch (RuntimeException | Error e) {
      keep(String.valueOf(e));
    }
  }

  /** The last message of any severity; empty before the first. */
  String last() {
    return last;
  }

  private synchronized void keep(String message) {
    if (errors.size() == KEPT) {
      errors.removeLast(); // Keep the first errors: they usually name the cause.
    }
    errors.addLast(message);
  }

  /**
   * Makes the exception for a failed call.
   *
   * @param call the call and its purpose
   * @return an exception with all errors since the last failure
   */
  synchronized EngineFailure failure(String call) {
    String said = errors.isEmpty() ? "it gives no reason" : String.join("; ", errors);
    errors.clear();
    return new EngineFailure(
        "TensorRT failed: "
            + call
            + ": "
            + said
            + ". Check that no other program fills the GPU's memory, take a smaller --batch, or"
            + " --device cpu.",
        null);
  }
}
