// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.Estimator.Estimate;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.GamePrediction;
import dev.whybox.shapley.SymmetricFunctional;
import java.util.OptionalDouble;

/**
 * LIME's coefficients where the scores of all coalitions are predicted: those of its regression on
 * average over the coalitions that it may draw, in closed form, so no coalition is drawn. Standard
 * errors say how uncertain the scores are; there is no sampling error.
 */
final class PredictedLime {
  /** As if LIME had drawn so many: what its penalty and the full image's row stand against. */
  static final int SAMPLES = 5000;

  /** Coalitions for R², which is no linear function of the scores. */
  private static final int FIT_SAMPLES = 1000;

  private final Lime lime;
  private final Segments segments;
  private final long seed;
  private final SymmetricFunctional coefficients;

  /** A LIME; the seed is that of the coalitions which R² is found on. */
  PredictedLime(Lime lime, Segments segments, long seed) {
    int players = segments.count();
    this.lime = lime;
    this.segments = segments;
    this.seed = seed;
    this.coefficients =
        SymmetricFunctional.ridge(
            players, size -> lime.weight(size, players), lime.ridge(), SAMPLES);
  }

  Estimate estimate(GamePrediction game) {
    GamePrediction.Values found = game.values(coefficients);
    return new Estimate(
        new SegmentValues(segments, found.values(), found.standardErrors()),
        OptionalDouble.of(
            game.everyScore()
                .map(scores -> fit(scores, found.values()))
                .orElseGet(() -> fit(game, found.values()))));
  }

  /** Where every score is known, by the bits of the players. */
  private double fit(double[] game, double[] values) {
    int players = values.length;
    double[] weights = new double[game.length];
    double[] linear = new double[game.length];
    for (int c = 0; c < game.length; c++) {
      weights[c] = lime.weight(Integer.bitCount(c), players);
      for (int k = 0; k < players; k++) {
        linear[c] += (c >> k & 1) != 0 ? values[k] : 0;
      }
    }
    return fit(weights, linear, game, new double[game.length]);
  }

  /** On coalitions drawn as LIME draws them. */
  private double fit(GamePrediction game, double[] values) {
    int players = values.length;
    UniformCoalitions design = new UniformCoalitions(players, seed);
    long[] bits = new long[design.words()];
    double[][] signs = new double[FIT_SAMPLES][players];
    double[] linear = new double[FIT_SAMPLES];
    double[] weights = new double[FIT_SAMPLES];
    for (int i = 0; i < FIT_SAMPLES; i++) {
      design.get(i, bits);
      int size = 0;
      for (int k = 0; k < players; k++) {
        boolean there = (bits[k >> 6] >>> k & 1) != 0;
        signs[i][k] = there ? 1 : -1;
        linear[i] += there ? values[k] : 0;
        size += there ? 1 : 0;
      }
      weights[i] = lime.weight(size, players);
    }
    double[][] scores = game.scores(signs);
    return fit(weights, linear, scores[0], scores[1]);
  }

  /** Weighted R² of what is linear up to a constant; scores have a mean and a variance each. */
  private static double fit(double[] weights, double[] linear, double[] mean, double[] variance) {
    double total = 0;
    double meanY = 0;
    double meanLinear = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i];
      meanY += weights[i] * mean[i];
      meanLinear += weights[i] * linear[i];
    }
    double all = 0;
    double left = 0;
    for (int i = 0; i < weights.length; i++) {
      double y = mean[i] - meanY / total;
      double residual = y - (linear[i] - meanLinear / total);
      all += weights[i] * (y * y + variance[i]);
      left += weights[i] * (residual * residual + variance[i]);
    }
    return all > 0 ? 1 - left / all : 1;
  }
}
