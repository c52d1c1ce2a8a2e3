// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reports from time to time that an engine is still being built: for how long, and TensorRT's last
 * message, which names the layer it tries. It cannot tell how much is left: TensorRT tells that to
 * an {@code IProgressMonitor}, which the Java bindings cannot implement.
 */
final class BuildProgress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(15);
  private static final int SHOWN = 100;

  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "whybox-build-progress");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Begins to report.
   *
   * @param last supplies TensorRT's last message; empty before the first one
   * @param lines receives a line from time to time, on another thread
   */
  BuildProgress(Supplier<String> last, Consumer<String> lines) {
    this(last, lines, EVERY);
  }

  BuildProgress(Supplier<String> last, Consumer<String> lines, Duration every) {
    timer.scheduleAtFixedRate(
        () -> lines.accept(line(seconds(), last.get())),
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  static String line(long seconds, String last) {
    String plain = last.strip().replaceAll("\\s+", " ");
    String shown = plain.length() > SHOWN ? plain.substring(0, SHOWN) + " ..." : plain;
    return "Still building, for " + seconds + " s" + (shown.isEmpty() ? "" : ": " + shown);
  }

  /** The time since the beginning, in seconds. */
  long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
  }

  /** Ends the reports. A second call does nothing. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
