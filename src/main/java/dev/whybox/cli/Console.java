// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where results and messages go.
 *
 * @param out results
 * @param err messages and progress
 * @param width columns of the terminal that {@code err} is, or 0 where it is none
 */
record Console(ResultStream out, PrintStream err, int width) {
  /** Set by the launcher to the terminal's width, or 0: Java can't tell what stderr is. */
  private static final String WIDTH = "whybox.terminal";

  private static final int USUAL_WIDTH = 80;

  /** The process's own streams. */
  static Console system() {
    Integer width = Integer.getInteger(WIDTH);
    if (width == null) {
      width = System.console() == null ? 0 : USUAL_WIDTH;
    }
    return new Console(ResultStream.standardOutput(), System.err, width);
  }

  /** A result, one line. */
  void print(String line) {
    out.println(line);
  }

  /** A result as it is, in UTF-8 whatever the terminal's encoding. */
  void printRaw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** A message, one line. */
  void say(String line) {
    err.println(line);
  }

  /** Something that casts doubt on a result, one line. */
  void warn(String message) {
    err.println("whybox: warning: " + message);
  }

  /** An error that is a list: a line, and one for each of what it lists. */
  void complainInLines(String message) {
    err.println("whybox: " + message);
  }

  /** An error, one line. */
  void complain(String message) {
    err.println("whybox: " + message.replace("\n", " "));
  }
}
