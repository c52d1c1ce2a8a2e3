// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricFunctionalTest {
  private static final IntToDoubleFunction WEIGHT =
      size -> Math.exp(-0.1 * (7 - size) * (5 - size));

  private static ProductKernel kernel(int players) {
    Random random = new Random(players);
    double[] lengths = new double[players];
    Arrays.setAll(lengths, k -> Math.exp(random.nextGaussian() - 1));
    return new ProductKernel(lengths);
  }

  /** The fit itself, on all coalitions and once more the full one. */
  private static double[] ridge(int players, double[] game, double ridge) {
    int rows = game.length + 1;
    SimpleMatrix left = new SimpleMatrix(rows + players, players + 1);
    SimpleMatrix right = new SimpleMatrix(rows + players, 1);
    for (int i = 0; i < rows; i++) {
      int coalition = Math.min(i, game.length - 1);
      double root = Math.sqrt(WEIGHT.applyAsDouble(Integer.bitCount(coalition)));
      left.set(i, players, root);
      right.set(i, 0, root * game[coalition]);
      for (int k = 0; k < players; k++) {
        left.set(i, k, root * (coalition >> k & 1));
      }
    }
    for (int k = 0; k < players; k++) {
      left.set(rows + k, k, Math.sqrt(ridge));
    }
    SimpleMatrix solution = left.solve(right);
    double[] values = new double[players];
    Arrays.setAll(values, k -> solution.get(k, 0));
    return values;
  }

  private static SymmetricFunctional ridge(int players, double ridge) {
    return SymmetricFunctional.ridge(players, WEIGHT, ridge, 1 << players);
  }

  private static double[] game(int players, java.util.function.ToDoubleFunction<double[]> score) {
    double[] game = new double[1 << players];
    Arrays.setAll(game, c -> score.applyAsDouble(Games.signs(players, c)));
    return game;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10})
  void ridgeOfTheKernelIsTheFitOnAllCoalitions(int players) {
    ProductKernel kernel = kernel(players);
    double[] other = Games.signs(players, 5 % (1 << players));
    double[][] found = ridge(players, 0.7).of(kernel, other);
    assertArrayEquals(
        ridge(players, game(players, z -> kernel.odd(z, other)), 0.7), found[0], 1e-11);
    double[] opposite = Arrays.stream(other).map(x -> -x).toArray();
    assertArrayEquals(
        ridge(
            players,
            game(players, z -> (kernel.even(z, other) + kernel.even(z, opposite)) / 2),
            0.7),
        found[1],
        1e-11);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void variancesAreTheRuleAppliedTwice(int players) {
    ProductKernel kernel = kernel(players);
    SymmetricFunctional rule = ridge(players, 0.3);
    double[][] found = rule.variances(kernel);
    for (int part = 0; part < 2; part++) {
      for (int j = 0; j < players; j++) {
        int p = part;
        int player = j;
        double[] once = game(players, z -> rule.of(kernel, z)[p][player]);
        assertEquals(ridge(players, once, 0.3)[j], found[part][j], 1e-11);
      }
    }
  }

  /** Those of the parity of r players are 2/r for those of an odd number, else 0. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 100})
  void shapleyValuesAreSuchARule(int players) {
    double[] inside = new double[players + 1];
    for (int r = 1; r <= players; r += 2) {
      inside[r] = 2.0 / r;
    }
    SymmetricFunctional shapley = new SymmetricFunctional(inside, new double[players + 1]);
    ProductKernel kernel = kernel(players);
    double[] signs = new double[players];
    Random random = new Random(1);
    Arrays.setAll(signs, k -> random.nextBoolean() ? 1 : -1);
    double[] expected = kernel.values(signs);
    double[][] found = shapley.of(kernel, signs);
    double[][] covariance = kernel.covariance();
    double[][] variances = shapley.variances(kernel);
    for (int k = 0; k < players; k++) {
      assertEquals(expected[k], found[0][k], 1e-12 + 1e-9 * Math.abs(expected[k]));
      assertEquals(0, found[1][k], 0);
      assertEquals(covariance[k][k], variances[0][k], 1e-12 + 1e-9 * covariance[k][k]);
      assertEquals(0, variances[1][k], 0);
    }
  }

  /** Parseval: Σ_S E[w χ_S]² = E[w²]; a test for games too large to enumerate. */
  @ParameterizedTest
  @ValueSource(ints = {5, 100, 400})
  void momentsHaveTheWeightsNorm(int players) {
    IntToDoubleFunction weight =
        size -> Math.exp(-Math.pow(1 - Math.sqrt((double) size / players), 2) * 16);
    double[] moments = SymmetricFunctional.moments(players, weight);
    double found = 0;
    double expected = 0;
    double logs = 0;
    for (int r = 0; r <= players; r++) {
      found += Math.exp(logs) * moments[r] * moments[r];
      expected += Math.exp(logs - players * Math.log(2)) * Math.pow(weight.applyAsDouble(r), 2);
      logs += Math.log(players - r) - Math.log(r + 1);
    }
    assertEquals(expected, found, 1e-9 * expected);
  }

  @Test
  void aConstantGivesNothing() {
    SymmetricFunctional rule = ridge(9, 1);
    assertEquals(0, rule.outside()[0], 1e-12);
  }
}
