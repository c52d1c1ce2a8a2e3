// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Attribution;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Evidence;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.RunRecord;
import dev.whybox.explain.Scores;
import dev.whybox.image.Image;
import dev.whybox.report.Caption;
import dev.whybox.report.Caveats;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CaveatsTest {
  private static final Image IMAGE = Examples.gray(400, 100, 90);
  private static final Explanation SOUND =
      Examples.of(IMAGE, Examples.box(1, 2, 300, 90), Examples.grid(2, 1, 2, 3, 4, 5, 6));

  private static Explanation unsound() {
    return withErrors(Double.NaN);
  }

  /** The values 1 to 6, each with this standard error. */
  private static Explanation withErrors(double error) {
    SegmentValues sound = (SegmentValues) SOUND.attribution();
    double[] errors = new double[6];
    Arrays.fill(errors, error);
    Attribution attribution = new SegmentValues(sound.segments(), sound.values(), errors);
    return Examples.of(IMAGE, SOUND.target(), attribution);
  }

  private static Explanation unseen() {
    return of(9e-5, new Sampled(OptionalDouble.empty(), Optional.empty()));
  }

  private static Explanation of(double score, Evidence evidence) {
    return new Explanation(
        IMAGE,
        SOUND.model(),
        SOUND.target(),
        SOUND.method(),
        new RunRecord(SOUND.engine(), 0, 1, 3, SOUND.elapsed(), SOUND.stop()),
        new Scores(OptionalDouble.of(score), OptionalDouble.of(0)),
        SOUND.attribution(),
        evidence,
        null);
  }

  @Test
  void segmentsLargerThanTheBoxAreSaid() {
    // 6 segments of 6667 pixels; the boxes have 6700, 6600, 100 and 25 pixels.
    assertEquals(List.of(), Caveats.of(withBox(67, 100)));
    String some = Caveats.of(withBox(66, 100)).get(0);
    assertTrue(some.contains("larger than this box") && some.contains("slic:37"), some);
    String small = Caveats.of(withBox(10, 24)).get(0);
    assertTrue(small.contains("slic:1000"), small);
    String tiny = Caveats.of(withBox(5, 5)).get(0);
    assertTrue(tiny.contains("layer-cam") && !tiny.contains("slic"), tiny);
  }

  private static Explanation withBox(float width, float height) {
    return Examples.of(IMAGE, Examples.box(0, 0, width, height), SOUND.attribution());
  }

  @Test
  void caveatsSayWhatWouldBeEnough() {
    assertEquals(List.of(), Caveats.of(SOUND));
    assertEquals(
        List.of("too few samples for 6 segments: not reliable; take at least 24 (4 × segments)"),
        Caveats.of(unsound()));
    assertEquals(List.of("the model sees no object of this class here"), Caveats.of(unseen()));
    assertTrue(Caption.method(unseen()).contains("· 1 sample ·"), Caption.method(unseen()));
  }

  @Test
  void largeErrorsAreACaveatAndStandInTheCaption() {
    // Σ value² = 91, so six errors of e make √(6/91)·e = 0.257·e.
    assertEquals(List.of(), Caveats.of(withErrors(1.9)));
    assertTrue(Caption.method(withErrors(1.9)).contains("1000 samples · error 0.488 · "));
    assertEquals(
        List.of(
            "the standard errors are large compared with the values: not reliable; take more"
                + " samples"),
        Caveats.of(withErrors(2)));
    assertEquals(List.of(), Caveats.of(withErrors(0)));
    assertFalse(Caption.method(withErrors(0)).contains("error"), "exact");
    String both = Caption.method(List.of(withErrors(2), unsound(), withErrors(1)));
    assertTrue(both.contains("1000 samples · error 0.257 to 0.514 · "), both);
    assertFalse(Caption.method(unsound()).contains("error"), "not known");
  }

  @Test
  void gradientsThatHadToBeScaledAreTold() {
    assertEquals(List.of(), Caveats.of(of(0.5, new Differentiated(OptionalDouble.empty(), 1))));
    assertEquals(
        List.of(
            "fp32 cannot hold gradients of this size: they were scaled by 2^-8 while they were"
                + " computed"),
        Caveats.of(of(0.5, new Differentiated(OptionalDouble.empty(), 1 / 256.0))));
    assertEquals(1, Caveats.of(of(0.5, new Differentiated(OptionalDouble.empty(), 4096))).size());
    assertTrue(
        Caveats.of(of(0.5, new Differentiated(OptionalDouble.empty(), 4096)))
            .get(0)
            .contains("by 2^12 while"));
  }

  @Test
  void picturesSayThem() {
    Image sound = Overlay.of(SOUND);
    for (Explanation explanation : List.of(unsound(), unseen())) {
      Image picture = Overlay.of(explanation);
      assertTrue(picture.height() > sound.height());
      assertTrue(count(picture, Footer.ALARM) > 0);
      assertTrue(count(ContactSheet.of(List.of(SOUND, explanation)), Footer.ALARM) > 0);
    }
    assertEquals(0, count(sound, Footer.ALARM));
    assertEquals(0, count(ContactSheet.of(List.of(SOUND, SOUND)), Footer.ALARM));
  }

  @Test
  void sheetSaysWhichTargets() {
    String unseen = "The model sees no object of this class here";
    assertEquals(
        List.of(unseen + ": 4"), ContactSheet.caveats(List.of(SOUND, unseen()), List.of(1, 4)));
    assertEquals(List.of(unseen), ContactSheet.caveats(List.of(unseen(), unseen()), List.of(1, 4)));
  }

  private static int count(Image image, int color) {
    int count = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        count += Examples.pixel(image, x, y) == color ? 1 : 0;
      }
    }
    return count;
  }
}
