// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;

/** The stream for results. Unlike a plain PrintStream it knows why printing failed. */
final class ResultStream extends PrintStream {
  private final Witness witness;

  /** Prints in an encoding and flushes after each line. */
  ResultStream(OutputStream out, Charset charset) {
    this(new Witness(out), charset);
  }

  private ResultStream(Witness witness, Charset charset) {
    super(new BufferedOutputStream(witness), true, charset);
    this.witness = witness;
  }

  /** The standard output of the process, in the encoding of {@code System.out}. */
  static ResultStream standardOutput() {
    return new ResultStream(new FileOutputStream(FileDescriptor.out), encoding());
  }

  /**
   * The encoding of {@code System.out}: named by a property in Java 19 and later, by another one in
   * earlier versions on a terminal, and by the native encoding otherwise.
   */
  private static Charset encoding() {
    for (String property : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
      String name = System.getProperty(property);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    String name = System.getProperty("native.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }

  /**
   * The reason why results were lost.
   *
   * @return the reason, or null if nothing was lost or if the reader has closed the pipe
   */
  String failure() {
    IOException error = checkError() ? witness.error : null;
    if (error == null) {
      return null;
    }
    String reason = error.getMessage() == null ? error.toString() : error.getMessage();
    // The system's messages for EPIPE: "Broken pipe", on Windows "The pipe is being closed".
    return reason.toLowerCase(Locale.ROOT).contains("pipe") ? null : reason;
  }

  /** Keeps the first error. */
  private static final class Witness extends FilterOutputStream {
    private IOException error;

    Witness(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        error = error == null ? e : error;
        throw e;
      }
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }
  }
}
