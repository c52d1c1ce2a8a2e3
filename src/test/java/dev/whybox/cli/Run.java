// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.Methods;
import dev.whybox.explain.MethodTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The result of a command line. */
record Run(int code, String out, String err) {
  private static final Path MODELS = Path.of(System.getProperty("whybox.base", "."), "models");

  /** Runs in this process; stderr is not a terminal. */
  static Run of(Object... arguments) {
    return onTerminal(0, arguments);
  }

  /** Runs in this process with other methods. */
  static Run with(MethodTable methods, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, 0, methods, arguments);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /**
   * Runs in this process; stderr is a terminal with this number of columns, or not a terminal if it
   * is 0.
   */
  static Run onTerminal(int width, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, width, Methods.ALL, arguments);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs in this process with a standard output that may fail. */
  static Run into(OutputStream out, Object... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, 0, Methods.ALL, arguments);
    return new Run(code, "", err.toString(StandardCharsets.UTF_8));
  }

  private static int run(
      OutputStream out, OutputStream err, int width, MethodTable methods, Object... arguments) {
    ResultStream results = new ResultStream(out, StandardCharsets.UTF_8);
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    return Main.run(new Console(results, messages, width), methods, words);
  }

  /** The exit code and one line on stderr with these words; nothing on stdout. */
  void assertFails(ExitCode exit, String... words) {
    assertEquals(exit.code(), code, toString());
    for (String word : words) {
      assertTrue(err.contains(word), "'" + word + "' in " + err);
    }
    assertTrue(!err.contains("\tat "), "no stack trace in " + err);
  }

  /** The same, and stderr has no other line. */
  void assertFailsInOneLine(ExitCode exit, String... words) {
    assertFails(exit, words);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("whybox: "), err);
  }

  Run assertOk() {
    assertEquals(0, code, toString());
    return this;
  }

  /** A sample image of the bundled model. */
  static Path sample(String name) {
    return MODELS.resolve("samples").resolve(name);
  }

  /** The names of the files in a folder. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
