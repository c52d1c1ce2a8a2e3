// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.explain.Method;

/** Shows the progress of several runs, one after the other. */
final class ProgressLines implements AutoCloseable {
  private final Console console;
  private final String targets;
  private final Interrupt interrupt;
  private ProgressLine line;

  /** The targets in words, such as {@code 2 targets}. */
  ProgressLines(Console console, String targets, Interrupt interrupt) {
    this.console = console;
    this.targets = targets;
    this.interrupt = interrupt;
  }

  /** Begins the line of the next run and ends the line before. */
  ProgressLine begin(Method method) {
    close();
    String unit = method.kind().approach().unit();
    line = new ProgressLine(console, method.name() + ", " + targets, unit, interrupt);
    return line;
  }

  @Override
  public void close() {
    if (line != null) {
      line.close();
      line = null;
    }
  }
}
