// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.Estimator.References;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.TargetSimilarity;
import java.util.Random;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class LimeEstimatorTest {
  private static final int PLAYERS = 6;
  private static final int SAMPLES = 80;

  private static Lime lime(double ridge) {
    return new Lime(
        Segmentation.grid(2, 3), 0.25, ridge, Baseline.GRAY, TargetSimilarity.PROBABILITY);
  }

  private static Segments segments() {
    return Segmentation.grid(2, 3).of(Image.ofRgb(3, 2, new byte[18]));
  }

  private static Estimator.Estimate fit(double ridge, float full, float[] scores) {
    LimeEstimator estimator =
        new LimeEstimator(lime(ridge), segments(), new UniformCoalitions(PLAYERS, 1), 1, SAMPLES);
    estimator.accept(0, 30, scores);
    estimator.accept(30, SAMPLES - 30, java.util.Arrays.copyOfRange(scores, 30, SAMPLES));
    return estimator.estimate(new References(new float[] {full}, new float[1])).get(0);
  }

  @Test
  void aLinearScoreIsFoundWithoutRidge() {
    double[] worth = {0.1, -0.05, 0, 0.3, 0.02, 0.01};
    long[] bits = new long[1];
    UniformCoalitions design = new UniformCoalitions(PLAYERS, 1);
    float[] scores = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      design.get(i, bits);
      scores[i] = 0.2f;
      for (int k = 0; k < PLAYERS; k++) {
        scores[i] += (float) ((bits[0] >> k & 1) * worth[k]);
      }
    }
    Estimator.Estimate found = fit(0, 0.58f, scores);
    assertArrayEquals(worth, ((SegmentValues) found.attribution()).values(), 1e-5);
    assertEquals(1, found.fit().getAsDouble(), 1e-6);
  }

  /** The textbook's augmented least squares: rows √w·(1, z), penalty rows √λ·e_k. */
  @Test
  void ridgeAndFitEqualTheTextbook() {
    Random random = new Random(2);
    float[] scores = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      scores[i] = random.nextFloat();
    }
    float full = 0.9f;
    SimpleMatrix left = new SimpleMatrix(SAMPLES + 1 + PLAYERS, PLAYERS + 1);
    SimpleMatrix right = new SimpleMatrix(SAMPLES + 1 + PLAYERS, 1);
    double[] weights = new double[SAMPLES + 1];
    double[] y = new double[SAMPLES + 1];
    long[] bits = new long[1];
    UniformCoalitions design = new UniformCoalitions(PLAYERS, 1);
    for (int i = 0; i <= SAMPLES; i++) {
      bits[0] = (1 << PLAYERS) - 1;
      if (i < SAMPLES) {
        design.get(i, bits);
      }
      double cosine = Math.sqrt(Long.bitCount(bits[0]) / (double) PLAYERS);
      weights[i] = Math.exp(-(1 - cosine) * (1 - cosine) / (0.25 * 0.25));
      y[i] = i < SAMPLES ? scores[i] : full;
      left.set(i, 0, Math.sqrt(weights[i]));
      for (int k = 0; k < PLAYERS; k++) {
        left.set(i, k + 1, Math.sqrt(weights[i]) * (bits[0] >> k & 1));
      }
      right.set(i, 0, Math.sqrt(weights[i]) * y[i]);
    }
    for (int k = 0; k < PLAYERS; k++) {
      left.set(SAMPLES + 1 + k, k + 1, 1);
    }
    SimpleMatrix solution = left.solve(right);
    double meanY = 0;
    double total = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      meanY += weights[i] * y[i];
      total += weights[i];
    }
    meanY /= total;
    double residual = 0;
    double variance = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      double predicted = left.rows(i, i + 1).mult(solution).get(0) / Math.sqrt(weights[i]);
      residual += weights[i] * Math.pow(y[i] - predicted, 2);
      variance += weights[i] * Math.pow(y[i] - meanY, 2);
    }
    Estimator.Estimate found = fit(1, full, scores);
    SegmentValues values = (SegmentValues) found.attribution();
    for (int k = 0; k < PLAYERS; k++) {
      assertEquals(solution.get(k + 1), values.values()[k], 1e-9);
      assertTrue(values.standardErrors()[k] > 0);
    }
    assertEquals(1 - residual / variance, found.fit().getAsDouble(), 1e-9);
  }
}
