// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.WhyboxException.EngineFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.tensorrt.nvinfer.ILogger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what TensorRT says, on any of its threads: passes it on to the log, and keeps the errors,
 * since calls that fail answer with nothing but null. Must outlive all that was made with it.
 */
final class TensorRtLog extends ILogger {
  private static final Logger LOG = LoggerFactory.getLogger("dev.whybox.tensorrt.TensorRT");
  private static final int KEPT = 5;

  private final Deque<String> errors = new ArrayDeque<>();
  private volatile String last = "";

  @Override
  public void log(Severity severity, String message) {
    // An exception would end the process: C++ does not expect any from here.
    try {
      last = message;
      switch (severity.intern()) {
        case kINTERNAL_ERROR, kERROR -> {
          LOG.debug(message); // The exception says it.
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

  /** What it said last, of whatever severity; empty before. */
  String last() {
    return last;
  }

  private synchronized void keep(String message) {
    if (errors.size() == KEPT) {
      errors.removeLast(); // The first one is the cause most often.
    }
    errors.addLast(message);
  }

  /**
   * The exception for a call that failed.
   *
   * @param call the call and what it was for
   * @return with all errors since the last failure
   */
  synchronized EngineFailure failure(String call) {
    String said = errors.isEmpty() ? "it gives no reason" : String.join("; ", errors);
    errors.clear();
    return new EngineFailure(
        "TensorRT failed: "
            + call
            + ": "
            + said
            + ". See that no other program uses up the GPU's memory, take a smaller --batch, or"
            + " --device cpu.",
        null);
  }
}
