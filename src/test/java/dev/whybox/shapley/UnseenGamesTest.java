// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Games of a real detector with the scores of all coalitions, none of which was looked at while the
 * estimators were made: the bundled model at 320 pixels on sample pictures, in 12 cells, with
 * different baselines. bench's GameMaker wrote them; its StoredGame has the format.
 */
class UnseenGamesTest {

  /** One game a detection. */
  private static List<double[]> games(String name) {
    return StoredGames.of(name).stream().map(StoredGames.Stored::scores).toList();
  }

  static List<String> names() {
    return StoredGames.UNSEEN;
  }

  private interface Design {
    Coalitions of(int players, long seed);
  }

  /** The geometric mean over detections of the mean over seeds. */
  private static double error(
      List<double[]> games, ShapleyEstimator estimator, Design design, int pairs) {
    double logs = 0;
    for (double[] game : games) {
      double[] exact = ExactShapley.values(12, game);
      double mean = 0;
      for (int seed = 0; seed < 3; seed++) {
        ComplementPairs scores = Games.play(design.of(12, seed), pairs, game);
        mean += Games.error(estimator.estimate(scores).values(), exact) / 3;
      }
      logs += Math.log(mean) / games.size();
    }
    return Math.exp(logs);
  }

  @ParameterizedTest
  @MethodSource("names")
  void surrogatesNeedFarFewerScoresThanRegression(String name) {
    List<double[]> games = games(name);
    double kernel = error(games, PairedRegression.kernel(), ShapleyCoalitions::new, 47);
    double trees = error(games, new BoostedTrees(), LeverageCoalitions::new, 47);
    double process = error(games, new ProcessFamily(), LeverageCoalitions::new, 47);
    double mixed = error(games, Mixture.of(), LeverageCoalitions::new, 47);
    System.out.printf(
        "%s, 96 forwards: kernel %.2g, trees %.2g, process %.2g, mixture %.2g%n",
        name, kernel, trees, process, mixed);
    assertTrue(trees < kernel, "trees " + trees + ", kernel " + kernel);
    assertTrue(mixed < kernel / 2, "mixture " + mixed + ", kernel " + kernel);
    assertTrue(mixed < 1.5 * Math.min(trees, process), "mixture " + mixed);
  }
}
