// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The outputs of the command line: one for results, one for messages.
 *
 * @param out receives results
 * @param err receives messages and progress
 * @param width the number of columns if {@code err} is a terminal, else 0
 */
record Console(ResultStream out, PrintStream err, int width) {
  /**
   * The property that the launcher sets to the terminal's width, or to 0. Java cannot find out
   * whether stderr is a terminal.
   */
  private static final String WIDTH = "whybox.terminal";

  private static final int USUAL_WIDTH = 80;
  private static final int MOST_HELP = 100;

  /** Picocli's own limit. */
  private static final int LEAST_HELP = 55;

  /** The standard streams of the process. */
  static Console system() {
    Integer width = Integer.getInteger(WIDTH);
    if (width == null) {
      width = System.console() == null ? 0 : USUAL_WIDTH;
    }
    return new Console(ResultStream.standardOutput(), System.err, width);
  }

  /** The number of columns of help texts: those of the terminal, within readable limits. */
  int helpWidth() {
    return width == 0 ? MOST_HELP : Math.min(Math.max(width, LEAST_HELP), MOST_HELP);
  }

  /** Prints a result of one line. */
  void print(String line) {
    out.println(line);
  }

  /** Prints a result unchanged, in UTF-8 for any encoding of the terminal. */
  void printRaw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** Prints a message of one line. */
  void say(String line) {
    err.println(line);
  }

  /** Prints a warning of one line about a result. */
  void warn(String message) {
    err.println("whybox: warning: " + message);
  }

  /** Prints an error with a list: one line, and one more line per item. */
  void complainInLines(String message) {
    err.println("whybox: " + message);
  }

  /** Prints an error of one line. */
  void complain(String message) {
    err.println("whybox: " + message.replace("\n", " "));
  }
}
