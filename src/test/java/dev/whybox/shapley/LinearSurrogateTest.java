// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.SurrogateFamily.Fit;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearSurrogateTest {

  @Test
  void whatIsPredictedOfAPairLeftOutDoesNotDependOnIt() {
    ComplementPairs scores = Games.random(7, 30, 4);
    Fit before = new LinearSurrogate().fit(scores);
    for (int i = 1; i < scores.pairs(); i++) {
      double[] odd = scores.odd().clone();
      odd[i] += 1e-6;
      Fit after = new LinearSurrogate().fit(scores.withOdd(odd));
      double moved = 0;
      for (int j = 0; j < before.leftOut().length; j++) {
        double by = Math.abs(after.leftOut()[j] - before.leftOut()[j]);
        if (j == i - 1) {
          assertEquals(0, by, 1e-12);
        }
        moved += by;
      }
      assertTrue(moved > 1e-8, "no other prediction depends on pair " + i);
    }
  }

  @Test
  void aLinearGameIsItsOwnSurrogate() {
    Random random = new Random(1);
    double[] worth = random.doubles(9, -1, 1).toArray();
    double[] game = new double[1 << 9];
    for (int c = 0; c < game.length; c++) {
      for (int k = 0; k < 9; k++) {
        game[c] += (c >> k & 1) * worth[k];
      }
    }
    ComplementPairs scores = Games.play(new LeverageCoalitions(9, 2), 20, game);
    Fit fit = new LinearSurrogate().fit(scores);
    assertArrayEquals(worth, fit.surrogate().values(), 1e-4);
    for (int i = 0; i < fit.leftOut().length; i++) {
      assertEquals(scores.odd()[i + 1], fit.leftOut()[i], 1e-4);
      assertEquals(scores.odd()[i + 1], fit.surrogate().odd(scores.signs()[i + 1]), 1e-4);
    }
  }
}
