// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import org.jline.utils.Signals;

/**
 * Ctrl-C ends a run with what it has: the first one is noted and asked for after every wave of
 * samples; a second one ends the process at once.
 *
 * <p>A signal handler, not a shutdown hook: while the process shuts down the inference engine's own
 * hook frees the engine, which the run still needs to finish its wave.
 */
final class Interrupt implements AutoCloseable {
  private static final String SIGNAL = "INT";

  private final Console console;
  private final Object before;
  private volatile boolean requested;

  Interrupt(Console console) {
    this.console = console;
    this.before = Signals.register(SIGNAL, this::request);
  }

  private void request() {
    requested = true;
    Signals.registerDefault(SIGNAL);
    console.say("");
    console.say("Interrupted: writing the best map so far. Ctrl-C again ends at once.");
  }

  boolean requested() {
    return requested;
  }

  @Override
  public void close() {
    Signals.unregister(SIGNAL, before);
  }
}
