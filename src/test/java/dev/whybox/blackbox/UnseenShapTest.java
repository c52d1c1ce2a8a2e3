// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.ExactShapley;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.ShapleyEstimator;
import dev.whybox.shapley.StoredGames;
import dev.whybox.shapley.StoredGames.Stored;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SHAP's default, gradient and box as hints, on games of a real detector that nothing was tuned on.
 */
class UnseenShapTest {
  private static final int PLAYERS = 12;
  private static final int SEEDS = 2;
  private static final Segments SEGMENTS =
      Segmentation.grid(3, 4).of(Image.ofRgb(4, 3, new byte[36]));

  static List<String> games() {
    return StoredGames.UNSEEN;
  }

  private static SegmentValues played(Stored game, int samples, long seed) {
    double[][] hints = {
      PlayerHints.standardised(game.slopes()), PlayerHints.standardised(game.overlaps())
    };
    PlayedShap shap = new PlayedShap(SEGMENTS, hints, game.scores(), samples, seed);
    return (SegmentValues) shap.estimator().estimate(shap.references()).get(0).attribution();
  }

  private static double[] regression(
      Stored game, ShapleyEstimator estimator, Coalitions design, int pairs) {
    double[] scores = game.scores();
    long[][] bits = new long[pairs][1];
    double[] first = new double[pairs];
    double[] second = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      design.get(2L * i, bits[i]);
      first[i] = scores[(int) bits[i][0]];
      second[i] = scores[scores.length - 1 - (int) bits[i][0]];
    }
    return estimator
        .estimate(
            new ComplementPairs(PLAYERS, bits, first, second, scores[scores.length - 1], scores[0]))
        .values();
  }

  private static double error(double[] found, double[] exact) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < PLAYERS; k++) {
      square += Math.pow(found[k] - exact[k], 2);
      norm += exact[k] * exact[k];
    }
    return square / norm;
  }

  /** With 96 forwards closer than KernelSHAP and Leverage SHAP with 1,026. */
  @ParameterizedTest
  @MethodSource("games")
  void aTenthOfTheForwardsIsEnough(String name) {
    double chosen = 0;
    double kernel = 0;
    double leverage = 0;
    for (Stored game : StoredGames.of(name)) {
      double[] exact = ExactShapley.values(PLAYERS, game.scores());
      double[] means = new double[3];
      for (int seed = 0; seed < SEEDS; seed++) {
        means[0] += error(played(game, 94, seed).values(), exact);
        ShapleyCoalitions kernels = new ShapleyCoalitions(PLAYERS, seed);
        means[1] += error(regression(game, PairedRegression.kernel(), kernels, 512), exact);
        LeverageCoalitions levers = new LeverageCoalitions(PLAYERS, seed);
        means[2] += error(regression(game, PairedRegression.leverage(), levers, 512), exact);
      }
      chosen += Math.log(means[0]);
      kernel += Math.log(means[1]);
      leverage += Math.log(means[2]);
    }
    assertTrue(chosen < kernel, name + ": " + chosen + " against " + kernel);
    assertTrue(chosen < leverage, name + ": " + chosen + " against " + leverage);
  }

  @Test
  void intervalsHoldTheTruth() {
    int held = 0;
    int all = 0;
    for (String name : games()) {
      for (Stored game : StoredGames.of(name)) {
        double[] exact = ExactShapley.values(PLAYERS, game.scores());
        for (int samples : new int[] {32, 64, 94, 128, 256}) {
          for (int seed = 0; seed < SEEDS; seed++) {
            SegmentValues found = played(game, samples, seed);
            for (int k = 0; k < PLAYERS; k++, all++) {
              double off = Math.abs(found.values()[k] - exact[k]);
              held += off <= 1.96 * found.standardErrors()[k] ? 1 : 0;
            }
          }
        }
      }
    }
    assertEquals(0.95, (double) held / all, 0.02);
  }
}
