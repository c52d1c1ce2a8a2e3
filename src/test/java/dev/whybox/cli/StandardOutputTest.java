// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** Results that cannot be printed. */
class StandardOutputTest {
  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void lostResultsAreAnError() {
    OutputStream full = failing("No space left on device");
    Run.into(full, "detect", Run.sample("meadow.jpg"), "--json", "-")
        .assertFailsInOneLine(ExitCode.OUTPUT, "standard output", "No space left on device");
    Run.into(full, "--help").assertFailsInOneLine(ExitCode.OUTPUT, "No space left on device");
    Run.into(failing("Bad file descriptor"), "--version")
        .assertFailsInOneLine(ExitCode.OUTPUT, "Bad file descriptor");
  }

  @Test
  void readerThatClosesThePipeIsNoError() {
    Run run = Run.into(failing("Broken pipe"), "--help").assertOk();
    assertEquals("", run.err());
  }

  @Test
  void anotherFailureKeepsItsCode() {
    Run run = Run.into(failing("No space left on device"), "detect", "none.jpg");
    assertEquals(ExitCode.IMAGE.code(), run.code());
  }
}
