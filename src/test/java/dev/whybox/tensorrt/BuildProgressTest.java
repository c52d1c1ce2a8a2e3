// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BuildProgressTest {
  @Test
  void speaksUntilItIsClosed() throws InterruptedException {
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    BuildProgress progress =
        new BuildProgress(() -> "Timing Runner: /model.0/conv", lines::add, Duration.ofMillis(5));
    for (int i = 0; i < 3; i++) {
      String line = lines.poll(10, TimeUnit.SECONDS);
      assertNotNull(line, "silent");
      assertTrue(line.matches("Still building, for \\d+ s: Timing Runner: /model.0/conv"), line);
    }
    progress.close();
    progress.close();
    Thread.sleep(20); // One may have been under way.
    lines.clear();
    Thread.sleep(50);
    assertEquals(0, lines.size());
  }

  @Test
  void aLineIsShortAndOfOneLine() {
    assertEquals("Still building, for 30 s", BuildProgress.line(30, ""));
    String line = BuildProgress.line(7, " a\n b " + "x".repeat(500));
    assertTrue(line.startsWith("Still building, for 7 s: a b xxx"), line);
    assertTrue(line.length() < 140 && line.endsWith(" ..."), line);
  }
}
