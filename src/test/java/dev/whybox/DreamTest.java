// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradient ascent on the bundled model, at 160 × 160 pixels. */
@Tag("slow")
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

  /** Nothing else has standard errors of that kind; a goal is not passed over in silence. */
  @Test
  void aGoalForTheErrorIsForShap() {
    Budget goal = Budget.DEFAULT.withError(0.1);
    DreamTarget bird = new DreamTarget.OfClass(0);
    BadArgument dream =
        assertThrows(
            BadArgument.class,
            () -> WHYBOX.dream(bird, GradientAscent.DEFAULT, goal, DreamListener.NONE));
    assertTrue(
        dream.getMessage().contains("gradient ascent has no standard errors"), dream.getMessage());
    Image image = Image.read(Samples.all().get(0).image());
    List<Target> box = List.of(Target.of(new Box(10, 10, 60, 60), 0));
    BadArgument saliency =
        assertThrows(
            BadArgument.class,
            () -> WHYBOX.explain(image, box, new Saliency(), goal, ProgressListener.NONE));
    assertTrue(
        saliency.getMessage().contains("saliency has no standard errors"), saliency.getMessage());
  }

  /** With one field the value is the mean of the eight highest logits anywhere. */
  @Test
  void theModelSeesTheClassThatWasAskedFor() {
    Dream dream =
        WHYBOX.dream(
            new DreamTarget.OfClass(0),
            GradientAscent.DEFAULT.withFields(1),
            Budget.DEFAULT.withSamples(48),
            DreamListener.NONE);
    System.out.printf("bird's logit: %.2f to %.2f%n", dream.start(), dream.value());
    assertTrue(dream.start() < -5, () -> "starts at " + dream.start());
    assertTrue(dream.value() > 0, () -> "ends at " + dream.value());
    assertEquals("logit", dream.source().unit());
    assertTrue(
        WHYBOX.detect(dream.image()).stream().anyMatch(found -> found.classId() == 0),
        "the detector finds no bird in it");
  }

  @Test
  void everyFieldOfThePictureShowsTheClass() {
    Dream dream =
        WHYBOX.dream(
            new DreamTarget.OfClass(3),
            GradientAscent.DEFAULT.withFields(2),
            Budget.DEFAULT.withSamples(48),
            DreamListener.NONE);
    System.out.printf("flower's logit: %.2f to %.2f%n", dream.start(), dream.value());
    assertTrue(dream.value() > dream.start() + 10, () -> "ends at " + dream.value());
    boolean[] seen = new boolean[4];
    for (Detection found : WHYBOX.detect(dream.image())) {
      if (found.classId() == 3) {
        Box box = found.box();
        int across = box.x1() + box.x2() < 160 ? 0 : 1;
        int down = box.y1() + box.y2() < 160 ? 0 : 1;
        seen[2 * down + across] = true;
      }
    }
    for (int field = 0; field < 4; field++) {
      assertTrue(seen[field], "no flower in field " + field);
    }
  }

  @Test
  void aChannelAndANeuronAreExcited() {
    Dream channel = dream(new DreamTarget.OfChannel("model.15", 12), 24, DreamListener.NONE);
    System.out.printf("channel: %.2f to %.2f%n", channel.start(), channel.value());
    assertTrue(channel.value() > channel.start() + 1, () -> "channel: " + channel.value());
    Dream neuron = dream(new DreamTarget.OfNeuron("model.4", 5, 10, 10), 24, DreamListener.NONE);
    System.out.printf("neuron: %.2f to %.2f%n", neuron.start(), neuron.value());
    assertTrue(neuron.value() > neuron.start() + 3, () -> "neuron: " + neuron.value());
  }

  /**
   * These neurons start below SiLU's minimum, where the slope points down: raising the layer's own
   * output would push what SiLU reads further down, towards an output of 0.
   */
  @ParameterizedTest
  @CsvSource({"model.1, 11", "model.3, 47"})
  void aNeuronBelowTheMinimumOfSiluRises(String layer, int channel) {
    DreamTarget.OfNeuron target = new DreamTarget.OfNeuron(layer, channel, 0, 1);
    Dream dream = dream(target, 32, DreamListener.NONE);
    System.out.printf("neuron below the minimum: %.2f to %.2f%n", dream.start(), dream.value());
    assertTrue(dream.start() < -2, () -> "starts at " + dream.start());
    assertTrue(dream.value() > dream.start() + 1.5, () -> "ends at " + dream.value());
    assertTrue(dream.value() > -1.278, () -> "is still below the minimum: " + dream.value());
    assertEquals("pre-activation", dream.source().unit());
    assertEquals("SiLU", dream.source().function());
    // The layer's own map, by another way: SiLU of what was raised.
    Target any = Target.of(new Box(0, 0, 160, 160), 0);
    FeatureMaps maps = WHYBOX.features(dream.image(), any, layer);
    double silu = dream.value() / (1 + Math.exp(-dream.value()));
    assertEquals(silu, maps.map(channel)[1], 1e-4);
    assertFalse(dream.source().tensors().contains(maps.tensor()), "the tensor before the layer's");
  }

  /** Boxes of several shapes and places; the detector finds the class where it was asked for. */
  @ParameterizedTest
  @CsvSource({"0, 40, 40, 120, 120", "1, 10, 60, 100, 150", "4, 90, 20, 150, 80"})
  void theDetectorFindsTheClassInTheBox(int classId, float x1, float y1, float x2, float y2) {
    Box box = new Box(x1, y1, x2, y2);
    Dream dream = dream(new DreamTarget.OfBox(box, classId), 40, DreamListener.NONE);
    Detection best =
        WHYBOX.detect(dream.image()).stream()
            .filter(found -> found.classId() == classId)
            .max(Comparator.comparingDouble(found -> found.box().iou(box)))
            .orElseThrow();
    System.out.printf("class %d: IoU %.2f, %s%n", classId, best.box().iou(box), best);
    assertTrue(best.box().iou(box) > 0.6, best.toString());
    assertTrue(best.score() > 0.25, best.toString());
    assertTrue(dream.value() > dream.start() + 5, () -> "ends at " + dream.value());
  }

  @Test
  void boxesOutsideTheInputAreRefused() {
    for (Box box :
        List.of(
            new Box(-1, 0, 50, 50),
            new Box(0, 0, 161, 50),
            new Box(50, 50, 50, 90),
            new Box(60, 50, 50, 90),
            new Box(0, 0, Float.NaN, 50))) {
      assertThrows(BadTarget.class, () -> WHYBOX.check(new DreamTarget.OfBox(box, 0)));
    }
    Box fine = new Box(0, 0, 160, 160);
    assertThrows(BadTarget.class, () -> WHYBOX.check(new DreamTarget.OfBox(fine, 6)));
  }

  @Test
  void aMapThatNoActivationMakesIsRaisedItself() {
    Dream dream = dream(new DreamTarget.OfChannel("model.11", 3), 2, DreamListener.NONE);
    assertEquals("activation", dream.source().unit());
    assertNull(dream.source().function());
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
