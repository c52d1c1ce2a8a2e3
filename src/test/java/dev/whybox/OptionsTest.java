// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Budget;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OptionsTest {
  @Test
  void messagesSayTheRange() {
    assertEquals(256, Options.DEFAULT.withThreads(Options.MAX_THREADS).threads());
    assertSays("threads must be 0 to 256, but is 257.", () -> Options.DEFAULT.withThreads(257));
    assertSays("size must be at least 0, but is -1.", () -> Options.DEFAULT.withSize(-1));
    assertSays("must be in [0,1), but is 1.0.", () -> Options.DEFAULT.withConfidence(1));
    assertSays("must be in (0,1], but is NaN.", () -> Options.DEFAULT.withIou(Float.NaN));
    for (int batch : List.of(-1, 65)) {
      assertSays("must be 0 to 64, but is " + batch, () -> Options.DEFAULT.withBatch(batch));
    }
  }

  @Test
  void devicesHaveNames() {
    for (String name : List.of("auto", "cpu", "cuda:0", "cuda:12")) {
      assertEquals(name, Device.parse(name).toString());
    }
    assertEquals(Device.cuda(0), Device.parse("cuda"));
    for (String name : List.of("", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda:1234")) {
      assertSays("auto, cpu, cuda or cuda:NUMBER", () -> Device.parse(name));
    }
    assertSays("at least 0, but is -1", () -> Device.cuda(-1));
    assertEquals(Device.AUTO, Options.DEFAULT.device());
    assertEquals(Device.CPU, Options.DEFAULT.withDevice(Device.CPU).withBatch(3).device());
  }

  @Test
  void deadlinesAreOfAnyLengthThatCanBeCounted() {
    assertEquals(
        Duration.ofDays(365), Budget.DEFAULT.withDeadline(Duration.ofDays(365)).deadline());
    for (Duration never :
        List.of(
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofDays(366),
            Duration.ZERO)) {
      assertSays("at most 365 days", () -> Budget.DEFAULT.withDeadline(never));
    }
  }

  @Test
  void halfPrecisionIsForGpus() {
    Options half = Options.DEFAULT.withHalf(true).withBatch(2).withDevice(Device.cuda(1));
    assertTrue(half.half());
    assertSays("Half precision is for GPUs", () -> half.withDevice(Device.CPU));
    assertSays("half=True", () -> Options.DEFAULT.withDevice(Device.CPU).withHalf(true));
  }

  private static void assertSays(String words, Executable call) {
    String message = assertThrows(BadArgument.class, call).getMessage();
    assertTrue(message.contains(words), message);
  }
}
