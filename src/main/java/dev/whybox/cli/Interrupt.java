// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import org.jline.utils.Signals;

/**
 * Ctrl-C ends a run with what it has: the first one is noted and asked for after every wave of
 * samples or step; a second one ends the process at once.
 *
 * <p>A signal handler, not a shutdown hook: while the process shuts down the inference engine's own
 * hook frees the engine, which the run still needs to finish its wave.
 */
final class Interrupt implements AutoCloseable {
  private static final String SIGNAL = "INT";

  private final Console console;
  private final String result;
  private final Object before;
  private volatile boolean requested;

  /** The result is what will be written then, such as {@code the best map so far}. */
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
