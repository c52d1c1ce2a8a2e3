// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.Estimator.Estimate;
import dev.whybox.blackbox.Estimator.References;
import dev.whybox.design.Coalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.StoredGames;
import dev.whybox.shapley.StoredGames.Stored;
import dev.whybox.yolo.TargetSimilarity;
import java.util.Arrays;
import java.util.List;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * LIME predicted from SHAP's scores against LIME on samples of its own, on games of which every
 * score is known: the truth is LIME's regression on all coalitions.
 */
class PredictedLimeTest {
  private static final int PLAYERS = 12;
  private static final int ALL = 1 << PLAYERS;
  private static final int SEEDS = 3;
  private static final int[] SAMPLES = {66, 256};

  private static final Lime LIME =
      new Lime(Segmentation.grid(3, 4), 0.25, 1, Baseline.GRAY, TargetSimilarity.PROBABILITY);

  private static final Segments SEGMENTS = LIME.segmentation().of(Image.ofRgb(4, 3, new byte[36]));

  static List<String> games() {
    return StoredGames.UNSEEN;
  }

  /** What LIME finds on all coalitions: its values, then R². */
  private static double[] exact(double[] game) {
    double[] weights = new double[ALL + 1];
    double[] y = new double[ALL + 1];
    SimpleMatrix gram = new SimpleMatrix(PLAYERS + 1, PLAYERS + 1);
    SimpleMatrix moments = new SimpleMatrix(PLAYERS + 1, 1);
    for (int i = 0; i <= ALL; i++) {
      // Each as often as of 5,000 samples on average, and the full one once more.
      int coalition = Math.min(i, ALL - 1);
      double cosine = Math.sqrt(Integer.bitCount(coalition) / (double) PLAYERS);
      weights[i] = Math.exp(-(1 - cosine) * (1 - cosine) / (0.25 * 0.25));
      weights[i] *= i == ALL ? 1 : 5000.0 / ALL;
      y[i] = game[coalition];
      double[] row = row(coalition);
      for (int k = 0; k <= PLAYERS; k++) {
        moments.set(k, 0, moments.get(k, 0) + weights[i] * row[k] * y[i]);
        for (int l = 0; l <= PLAYERS; l++) {
          gram.set(k, l, gram.get(k, l) + weights[i] * row[k] * row[l]);
        }
      }
    }
    for (int k = 0; k < PLAYERS; k++) {
      gram.set(k, k, gram.get(k, k) + 1);
    }
    SimpleMatrix solution = gram.solve(moments);
    double mean = moments.get(PLAYERS, 0) / gram.get(PLAYERS, PLAYERS);
    double all = 0;
    double left = 0;
    for (int i = 0; i <= ALL; i++) {
      double[] row = row(Math.min(i, ALL - 1));
      double residual = y[i];
      for (int k = 0; k <= PLAYERS; k++) {
        residual -= solution.get(k, 0) * row[k];
      }
      left += weights[i] * residual * residual;
      all += weights[i] * (y[i] - mean) * (y[i] - mean);
    }
    double[] result = new double[PLAYERS + 1];
    Arrays.setAll(result, k -> k < PLAYERS ? solution.get(k, 0) : Double.NaN);
    result[PLAYERS] = 1 - left / all;
    return result;
  }

  /** Who is present, and 1 for the intercept. */
  private static double[] row(int coalition) {
    double[] row = new double[PLAYERS + 1];
    Arrays.setAll(row, k -> k == PLAYERS ? 1 : coalition >> k & 1);
    return row;
  }

  private static double score(double[] game, Coalitions design, long sample) {
    long[] bits = new long[1];
    design.get(sample, bits);
    return game[(int) bits[0]];
  }

  /** LIME on samples of its own. */
  private static Estimate own(double[] game, int samples, long seed) {
    UniformCoalitions design = new UniformCoalitions(PLAYERS, seed);
    LimeEstimator estimator = new LimeEstimator(LIME, SEGMENTS, design, 1, samples);
    float[] scores = new float[samples];
    for (int i = 0; i < samples; i++) {
      scores[i] = (float) score(game, design, i);
    }
    estimator.accept(0, samples, scores);
    return estimator.estimate(references(game)).get(0);
  }

  private static References references(double[] game) {
    return new References(new float[] {(float) game[ALL - 1]}, new float[] {(float) game[0]});
  }

  /** What the process says that SHAP takes its values from. */
  private static Estimate predicted(Stored stored, int samples, long seed) {
    double[][] box = {PlayerHints.standardised(stored.overlaps())};
    PlayedShap shap = new PlayedShap(SEGMENTS, box, stored.scores(), samples, seed);
    return LIME.estimate(shap.estimator().surrogate(shap.references()).orElseThrow(), seed).get(0);
  }

  /** Errors of several estimates: squared ones, how many intervals hold, and R². */
  private static final class Tally {
    private double logs;
    private double mean;
    private int seen;
    private int held;
    private int intervals;
    private double fit;
    private int fits;

    void add(Estimate estimate, double[] exact) {
      SegmentValues found = (SegmentValues) estimate.attribution();
      double error = 0;
      double norm = 0;
      for (int k = 0; k < PLAYERS; k++) {
        double off = found.values()[k] - exact[k];
        error += off * off;
        norm += exact[k] * exact[k];
        held += Math.abs(off) <= 1.96 * found.standardErrors()[k] ? 1 : 0;
        intervals++;
      }
      mean += error / norm / SEEDS;
      fit += Math.abs(estimate.fit().getAsDouble() - exact[PLAYERS]);
      fits++;
      if (++seen == SEEDS) {
        logs += Math.log(mean);
        mean = 0;
        seen = 0;
      }
    }

    double error() {
      return Math.exp(logs * SEEDS / fits);
    }

    double coverage() {
      return (double) held / intervals;
    }

    double fit() {
      return fit / fits;
    }

    @Override
    public String toString() {
      return "%.2g (intervals hold %.0f %%, R2 off by %.3f)"
          .formatted(error(), 100 * coverage(), fit());
    }
  }

  @ParameterizedTest
  @MethodSource("games")
  void predictionIsAsGoodAsSamplesOfItsOwn(String name) {
    Tally thousand = new Tally();
    Tally[] few = new Tally[SAMPLES.length];
    Arrays.setAll(few, i -> new Tally());
    for (Stored stored : StoredGames.of(name)) {
      double[] exact = exact(stored.scores());
      for (int seed = 0; seed < SEEDS; seed++) {
        thousand.add(own(stored.scores(), 1000, seed), exact);
        for (int i = 0; i < SAMPLES.length; i++) {
          few[i].add(predicted(stored, SAMPLES[i], seed), exact);
        }
      }
    }
    assertTrue(few[0].error() < thousand.error(), name + ": " + few[0] + ", own " + thousand);
    assertTrue(few[1].error() < thousand.error() / 20, name + ": " + few[1] + ", own " + thousand);
    for (Tally tally : few) {
      assertTrue(tally.coverage() > 0.85, name + ": " + tally);
      assertTrue(tally.fit() < 0.05, name + ": " + tally);
    }
  }
}
