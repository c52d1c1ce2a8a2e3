// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.Estimator.Outlook;
import dev.whybox.blackbox.Estimator.References;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import org.junit.jupiter.api.Test;

/** What auto chooses when it is told what a forward takes and how much time is left. */
class AdaptiveGaussianEstimatorTest {
  private static final int SIDE = 4;
  private static final int PLAYERS = SIDE * SIDE;
  private static final References REFERENCES = new References(new float[] {1}, new float[] {0});

  private final ChosenCoalitions design = new ChosenCoalitions(PLAYERS);
  private final Segments segments =
      Segmentation.grid(SIDE, SIDE).of(Image.ofRgb(8, 8, new byte[3 * 64]));
  private final AdaptiveGaussianEstimator estimator =
      new AdaptiveGaussianEstimator(
          segments, design, 3, new double[][][] {new double[0][]}, true, true, false, 2000, 1);

  /** Present cells add k/240, and 0 and 1 together a half: 1 in all. */
  private float score(long bits) {
    double sum = (bits & 3) == 3 ? 0.5 : 0;
    for (int k = 0; k < PLAYERS; k++) {
      sum += (bits >>> k & 1) * k / 240.0;
    }
    return (float) sum;
  }

  /** Plays what is ready, from a sample on, then lets the estimator go on. */
  private int play(int from, Outlook outlook) {
    int end = design.count();
    float[] scores = new float[end - from];
    long[] bits = new long[1];
    for (int i = from; i < end; i++) {
      design.get(i, bits);
      scores[i - from] = score(bits[0]);
    }
    estimator.accept(from, scores.length, scores);
    assertTrue(estimator.advance(REFERENCES, outlook));
    return end;
  }

  @Test
  void fewForwardsAreChosen() {
    play(0, new Outlook(0.04, 3));
    Estimation found = estimator.estimation().orElseThrow();
    assertEquals("gaussian", found.estimator());
    assertTrue(found.reason().contains("40.0 ms a forward no more than 512 fit"), found.reason());
  }

  @Test
  void manyCheapForwardsCorrectTheProcess() {
    Outlook outlook = new Outlook(3e-4, 100);
    int played = 0;
    while (played < 1000) {
      played = play(played, outlook);
    }
    SegmentValues found = (SegmentValues) estimator.estimate(REFERENCES).get(0).attribution();
    Estimation how = estimator.estimation().orElseThrow();
    assertEquals(Estimation.CORRECTED, how.estimator());
    assertTrue(how.reason().contains("0.300 ms a forward more than 512 fit"), how.reason());
    double[] exact = new double[PLAYERS];
    for (int k = 0; k < PLAYERS; k++) {
      exact[k] = k / 240.0 + (k < 2 ? 0.25 : 0);
    }
    assertArrayEquals(exact, found.values(), 2e-3);
    assertTrue(found.relativeError() < 0.02, "error " + found.relativeError());
  }

  @Test
  void withoutTimeForTheMathematicsThereIsNone() {
    play(0, new Outlook(1e-6, 1e-5));
    Estimation found = estimator.estimation().orElseThrow();
    assertEquals("leverage", found.estimator());
    assertTrue(found.reason().contains("too short"), found.reason());
  }
}
