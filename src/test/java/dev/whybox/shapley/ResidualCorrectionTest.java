// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.SurrogateFamily.Fit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidualCorrectionTest {

  /** A surrogate that is another game altogether. */
  private static SurrogateFamily wrong(int players, double[] game) {
    Surrogate surrogate =
        new Surrogate() {
          @Override
          public double odd(double[] signs) {
            int c = 0;
            for (int k = 0; k < players; k++) {
              c |= signs[k] > 0 ? 1 << k : 0;
            }
            return (game[c] - game[game.length - 1 - c]) / 2;
          }

          @Override
          public double[] values() {
            return ExactShapley.values(players, game);
          }
        };
    return scores -> new Fit(surrogate, new double[scores.pairs() - 1], null);
  }

  private static ShapleyEstimator corrected(SurrogateFamily family) {
    return new ResidualCorrection(family, new UnbiasedRegression());
  }

  /**
   * The expectation itself: with three players all six coalitions are as likely in a pair, so the
   * mean over all 216 draws of three pairs is the exact value.
   */
  @Test
  void theExpectationIsTheExactValueWhateverTheSurrogate() {
    double[] game = Games.random(3, 12);
    double[] exact = ExactShapley.values(3, game);
    List<ShapleyEstimator> estimators =
        List.of(
            new UnbiasedRegression(),
            corrected(wrong(3, Games.random(3, 13))),
            corrected(new BoostedTrees()),
            corrected(new LinearSurrogate()),
            corrected(new ProcessFamily()),
            corrected(new Mixture(new LinearSurrogate(), new BoostedTrees())));
    for (ShapleyEstimator estimator : estimators) {
      double[] mean = new double[3];
      for (int draw = 0; draw < 216; draw++) {
        long[][] bits = {{1 + draw % 6}, {1 + draw / 6 % 6}, {1 + draw / 36}};
        double[] first = Arrays.stream(bits).mapToDouble(b -> game[(int) b[0]]).toArray();
        double[] second = Arrays.stream(bits).mapToDouble(b -> game[7 - (int) b[0]]).toArray();
        ComplementPairs scores = new ComplementPairs(3, bits, first, second, game[7], game[0]);
        double[] values = estimator.estimate(scores).values();
        for (int k = 0; k < 3; k++) {
          mean[k] += values[k] / 216;
        }
      }
      assertArrayEquals(exact, mean, 1e-9);
    }
  }

  @Test
  void aWrongSurrogateIsCorrected() {
    double[] game = Games.random(8, 1);
    double[] exact = ExactShapley.values(8, game);
    SurrogateFamily family = wrong(8, Games.random(8, 2));
    for (ShapleyEstimator rest : List.of(new UnbiasedRegression(), PairedRegression.leverage())) {
      ComplementPairs scores = Games.play(new LeverageCoalitions(8, 3), 20_000, game);
      double off = Games.error(family.estimate(scores).values(), exact);
      double error =
          Games.error(new ResidualCorrection(family, rest).estimate(scores).values(), exact);
      assertTrue(error < off / 30, error + " against " + off);
    }
  }

  @Test
  void aPerfectSurrogateNeedsNoScores() {
    double[] game = Games.random(6, 3);
    ComplementPairs scores = Games.play(new LeverageCoalitions(6, 3), 4, game);
    ShapleyValues found = corrected(wrong(6, game)).estimate(scores);
    assertArrayEquals(ExactShapley.values(6, game), found.values(), 1e-12);
    assertArrayEquals(new double[6], found.standardErrors(), 1e-12);
  }

  @Test
  void standardErrorsAreThoseOfTheDraw() {
    double[] game = Games.random(7, 5);
    double[] exact = ExactShapley.values(7, game);
    int covered = 0;
    for (int seed = 0; seed < 200; seed++) {
      ComplementPairs scores = Games.play(new LeverageCoalitions(7, seed), 60, game);
      ShapleyValues found = corrected(new LinearSurrogate()).estimate(scores);
      for (int k = 0; k < 7; k++) {
        double off = Math.abs(found.values()[k] - exact[k]);
        covered += off <= 1.96 * found.standardErrors()[k] ? 1 : 0;
      }
    }
    double part = covered / 1400.0;
    assertTrue(part > 0.92 && part < 0.98, "coverage " + part);
  }

  /** A regression on fewer pairs than players has no errors, so its correction has none. */
  @Test
  void withoutErrorsOfTheRestThereAreNone() {
    double[] game = Games.random(8, 4);
    ComplementPairs scores = Games.play(new LeverageCoalitions(8, 5), 6, game);
    ShapleyEstimator estimator =
        new ResidualCorrection(new LinearSurrogate(), PairedRegression.leverage());
    ShapleyValues found = estimator.estimate(scores);
    assertTrue(Arrays.stream(found.standardErrors()).allMatch(Double::isNaN));
    assertTrue(Arrays.stream(found.values()).allMatch(Double::isFinite));
  }
}
