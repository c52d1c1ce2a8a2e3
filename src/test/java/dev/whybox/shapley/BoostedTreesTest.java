// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.SurrogateFamily.Fit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoostedTreesTest {

  @Test
  void aConjunctionByHand() {
    // Worth 6 to {0} alone: player 0 adds 6 or 0, player 1 adds 0 or −6.
    double[] values = new double[2];
    Conjunction.add(new int[] {0, 1}, new boolean[] {true, false}, 2, 6, values);
    assertArrayEquals(new double[] {3, -3}, values, 1e-15);
    // Worth 12 to {1,2} of three, no one barred: half each.
    double[] both = new double[3];
    Conjunction.add(new int[] {2, 1}, new boolean[] {true, true}, 2, 12, both);
    assertArrayEquals(new double[] {0, 6, 6}, both, 1e-15);
  }

  @Test
  void everyConjunctionEqualsEnumeration() {
    int players = 7;
    for (int required = 0; required <= 4; required++) {
      for (int barred = 0; barred + required <= 6; barred++) {
        int length = required + barred;
        int[] path = new int[players];
        boolean[] present = new boolean[players];
        int must = 0;
        int mayNot = 0;
        for (int i = 0; i < length; i++) {
          path[i] = (3 * i + 2) % players;
          present[i] = i < required;
          must |= present[i] ? 1 << path[i] : 0;
          mayNot |= present[i] ? 0 : 1 << path[i];
        }
        double[] game = new double[1 << players];
        for (int c = 0; c < game.length; c++) {
          game[c] = (c & must) == must && (c & mayNot) == 0 ? 2.5 : 0;
        }
        double[] values = new double[players];
        Conjunction.add(path, present, length, 2.5, values);
        assertArrayEquals(ExactShapley.values(players, game), values, 1e-14);
      }
    }
  }

  @Test
  void aTreeByHand() {
    // Odd parts 0.5 of {0,1} and of {0}: the rows with player 0 sum to 1, those without to −1, two
    // each, and a row more of nothing shrinks the means to ±1/3. Leaves of one row are refused.
    double[][] signs = {{1, 1}, {1, -1}};
    CoalitionTree tree = CoalitionTree.grow(signs, new double[] {0.5, 0.5}, 2);
    assertEquals(1 / 3.0, tree.odd(new double[] {1, -1}), 1e-15);
    assertEquals(-1 / 3.0, tree.odd(new double[] {-1, -1}), 1e-15);
    double[] values = new double[2];
    tree.addValues(3, values);
    assertArrayEquals(new double[] {2, 0}, values, 1e-15);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 9})
  void valuesOfTheEnsembleEqualEnumeration(int players) {
    ComplementPairs scores = Games.random(players, 40, players);
    Fit fit = new BoostedTrees().fit(scores);
    double[] game = new double[1 << players];
    for (int c = 0; c < game.length; c++) {
      game[c] = fit.surrogate().odd(Games.signs(players, c));
    }

    assertArrayEquals(ExactShapley.values(players, game), fit.surrogate().values(), 1e-12);
  }

  @Test
  void fewPlayersInAConjunctionAreFoundAmongMany() {
    int players = 14;
    double[] game = new double[1 << players];
    for (int c = 0; c < game.length; c++) {
      game[c] = ((c & 0b111) == 0b111 ? 1 : 0) + ((c & 0b11000) == 0b01000 ? 0.5 : 0);
    }
    double[] exact = ExactShapley.values(players, game);
    ComplementPairs scores = Games.play(new LeverageCoalitions(players, 1), 100, game);
    ShapleyValues found = new BoostedTrees().estimate(scores);
    double linear = Games.error(PairedRegression.leverage().estimate(scores).values(), exact);
    double trees = Games.error(found.values(), exact);
    assertTrue(trees < linear / 4 && trees < 0.02, trees + " against " + linear);
    assertTrue(found.looError() < 0.2, "error left out " + found.looError());
  }

  @Test
  void noiseGrowsNoForest() {
    // No tree can tell anything of a game that is odd noise; pairs left out say so.
    double[] game = new double[1 << 10];
    Random random = new Random(3);
    for (int c = 0; c < game.length; c++) {
      game[c] = random.nextGaussian();
    }
    ComplementPairs scores = Games.play(new LeverageCoalitions(10, 1), 120, game);
    double error = new BoostedTrees().estimate(scores).looError();
    assertTrue(error <= 1, "error left out " + error);
  }
}
