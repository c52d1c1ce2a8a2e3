// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.SurrogateFamily.Fit;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PriorMeanTest {

  @Test
  void valuesEqualEnumerationOfTheSurrogate() {
    ComplementPairs scores = Games.random(6, 20, 9);
    Fit fit = new PriorMean(new ProcessFamily()).fit(scores);
    double[] game = new double[1 << 6];
    Arrays.setAll(game, c -> fit.surrogate().odd(Games.signs(6, c)));
    assertArrayEquals(ExactShapley.values(6, game), fit.surrogate().values(), 1e-10);
  }

  @Test
  void anEvenGameNeedsNoTrees() {
    double[] game = new double[1 << 8];
    Arrays.setAll(game, c -> 0.1 * Integer.bitCount(c));
    ComplementPairs scores = Games.play(new LeverageCoalitions(8, 1), 6, game);
    double[] even = new double[8];
    Arrays.fill(even, 0.1);
    Fit fit = new PriorMean(new BoostedTrees()).fit(scores);
    assertArrayEquals(even, fit.surrogate().values(), 1e-12);
    assertArrayEquals(Arrays.copyOfRange(scores.odd(), 1, scores.pairs()), fit.leftOut(), 1e-12);
  }
}
