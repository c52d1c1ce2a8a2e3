// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import org.jline.utils.Signals;

/**
 * Handles Ctrl-C. The first one ends the run with its result so far: it is noted, and the run asks
 * for it after every wave of samples or step. A second one ends the process at once.
 *
 * <p>This is a signal handler, not a shutdown hook. During shutdown, the inference engine's own
 * hook frees the engine, which the run still needs to finish its wave.
 */
final class Interrupt implements AutoCloseable {
  private static final String SIGNAL = "INT";

  private final Console console;
  private final String result;
  private final Object before;
  private volatile boolean requested;

  /**
   * Begins to listen. {@code result} names what will be written, such as {@code the best map so
   * far}.
   */
  Interrupt(Console console, String result) {
    this.console = console;
    this.result = result;
    this.before = Signals.register(SIGNAL, this::request);
  }

  private void request() {
    requested = true;
    Signals.registerDefault(SIGNAL);
    console.say("");
    console.say("Interrupted: writing " + result + ". Ctrl-C again ends at once.");
  }

  boolean requested() {
    return requested;
  }

  @Override
  public void close() {
    Signals.unregister(SIGNAL, before);
  }
}
