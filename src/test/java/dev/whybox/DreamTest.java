// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.WhyboxException.BadTarget;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Gradient ascent on the bundled model, at 160 × 160 pixels. */
class DreamTest {
  private static final Whybox WHYBOX = Whybox.bundled(Options.DEFAULT.withSize(160));

  @AfterAll
  static void close() {
    WHYBOX.close();
  }

  private static Dream dream(DreamTarget target, int steps, DreamListener listener) {
    return WHYBOX.dream(
        target, GradientAscent.DEFAULT, Budget.DEFAULT.withSamples(steps), listener);
  }

  @Test
  void theModelSeesTheClassThatWasAskedFor() {
    Dream dream = dream(new DreamTarget.OfClass(0), 64, DreamListener.NONE);
    System.out.printf("bird's logit: %.2f to %.2f%n", dream.start(), dream.value());
    assertTrue(dream.start() < -5, () -> "starts at " + dream.start());
    assertTrue(dream.value() > 0, () -> "ends at " + dream.value());
    assertTrue(
        WHYBOX.detect(dream.image()).stream().anyMatch(found -> found.classId() == 0),
        "the detector finds no bird in it");
  }

  @Test
  void aChannelAndANeuronAreExcited() {
    Dream channel = dream(new DreamTarget.OfChannel("model.15", 12), 24, DreamListener.NONE);
    assertTrue(channel.value() > channel.start() + 0.3, () -> "channel: " + channel.value());
    Dream neuron = dream(new DreamTarget.OfNeuron("model.4", 5, 10, 10), 24, DreamListener.NONE);
    System.out.printf("neuron: %.2f to %.2f%n", neuron.start(), neuron.value());
    assertTrue(neuron.value() > neuron.start() + 0.3, () -> "neuron: " + neuron.value());
  }

  @Test
  void theSameSeedDrawsTheSamePicture() {
    DreamTarget target = new DreamTarget.OfClass(3);
    Dream first = dream(target, 4, DreamListener.NONE);
    Dream second = dream(target, 4, DreamListener.NONE);
    assertArrayEquals(first.image().rgb(), second.image().rgb());
  }

  @Test
  void cancelEndsAfterTheStep() {
    Dream dream =
        dream(
            new DreamTarget.OfClass(1),
            50,
            progress -> {
              if (progress.done() == 3) {
                progress.cancel();
              }
            });
    assertEquals(3, dream.steps());
    assertEquals(Explanation.Stop.CANCELLED, dream.stop());
  }

  @Test
  void whatTheModelDoesNotHaveIsRefused() {
    assertThrows(BadTarget.class, () -> WHYBOX.check(new DreamTarget.OfClass(6)));
    assertThrows(BadArgument.class, () -> WHYBOX.check(new DreamTarget.OfChannel("model.99", 0)));
    assertThrows(BadArgument.class, () -> WHYBOX.check(new DreamTarget.OfChannel("model.15", 64)));
    assertThrows(
        BadArgument.class, () -> WHYBOX.check(new DreamTarget.OfNeuron("model.15", 0, 20, 0)));
  }
}
