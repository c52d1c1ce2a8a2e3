// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AntisymmetricProcessTest {

  /** Shapley's formula itself. */
  private static double[] enumerate(int players, ToDoubleFunction<double[]> game) {
    double[] scores = new double[1 << players];
    Arrays.setAll(scores, c -> game.applyAsDouble(Games.signs(players, c)));
    return ExactShapley.values(players, scores);
  }

  private static double[] lengths(int players, long seed) {
    Random random = new Random(seed);
    double[] lengths = new double[players];
    Arrays.setAll(lengths, k -> Math.exp(random.nextGaussian() - 1));
    return lengths;
  }

  private static AntisymmetricProcess process(
      double[] lengths, double noise, int pairs, long seed) {
    int players = lengths.length;
    Random random = new Random(seed);
    double[][] signs = new double[pairs][];
    double[] odd = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      signs[i] =
          Games.signs(players, i == 0 ? (1 << players) - 1 : 1 + i * 7 % ((1 << players) - 2));
      odd[i] = random.nextGaussian();
    }
    return new AntisymmetricProcess(new ProductKernel(lengths), noise, signs, odd);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10})
  void functionalsOfTheKernelEqualEnumeration(int players) {
    double[] lengths = lengths(players, 1);
    ProductKernel kernel = new ProductKernel(lengths);
    double[] other = Games.signs(players, 5 % (1 << players));
    assertArrayEquals(enumerate(players, z -> kernel.even(z, other)), kernel.values(other), 1e-12);
    assertArrayEquals(enumerate(players, z -> kernel.odd(z, other)), kernel.values(other), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void doubleFunctionalsOfTheKernelEqualEnumeration(int players) {
    ProductKernel kernel = new ProductKernel(lengths(players, 2));
    double[][] found = kernel.covariance();
    for (int l = 0; l < players; l++) {
      int player = l;
      double[] expected = enumerate(players, z -> kernel.values(z)[player]);
      assertArrayEquals(expected, found[l], 1e-12);
    }
  }

  @Test
  void valuesAndCovarianceOfThePosteriorEqualEnumeration() {
    AntisymmetricProcess process = process(lengths(7, 3), 0.01, 9, 4);
    assertArrayEquals(enumerate(7, process::mean), process.values(), 1e-10);
    double[][] covariance = process.covariance();
    for (int l = 0; l < 7; l++) {
      int player = l;
      // Cov(φ_l, f(z)) is what a candidate z would tell of player l.
      double[] expected = enumerate(7, z -> process.candidates(new double[][] {z}).gain(0)[player]);
      for (int j = 0; j < 7; j++) {
        assertEquals(expected[j] * process.scale(), covariance[l][j], 1e-10);
      }
    }
  }

  @Test
  void lossGradientEqualsCentralDifferences() {
    double[] lengths = lengths(6, 5);
    double[] found = process(lengths, 0.02, 12, 6).lossGradient();
    double step = 1e-5;
    for (int k = 0; k <= 6; k++) {
      double[] loss = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = lengths.clone();
        double shift = side == 0 ? step : -step;
        if (k < 6) {
          moved[k] += shift;
        }
        loss[side] = process(moved, k < 6 ? 0.02 : 0.02 + shift, 12, 6).loss();
      }
      assertEquals((loss[0] - loss[1]) / (2 * step), found[k], 1e-4 * (1 + Math.abs(found[k])));
    }
  }

  @Test
  void posteriorGradientEqualsCentralDifferences() {
    ComplementPairs scores = Games.random(6, 10, 3);
    double[] hint = {1.2, -0.3, 0.4, -1.5, 0.7, -0.5};
    GaussianProcess.Posterior posterior =
        new GaussianProcess.Posterior(
            scores, new GaussianProcess.Prior(null, null, new double[][] {hint}), 0.5);
    double[] at = posterior.start();
    Random random = new Random(3);
    for (int i = 0; i < at.length; i++) {
      at[i] += 0.3 * random.nextGaussian();
    }
    double[] gradient = new double[at.length];
    posterior.value(at, gradient);
    for (int i = 0; i < at.length; i++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double[] ignored = new double[at.length];
      double slope = (posterior.value(up, ignored) - posterior.value(down, ignored)) / 2e-5;
      assertEquals(slope, gradient[i], 1e-4 * (1 + Math.abs(slope)));
    }
  }

  @Test
  void leaveOneOutErrorsEqualRefitting() {
    double[] lengths = lengths(6, 7);
    AntisymmetricProcess all = process(lengths, 0.05, 8, 8);
    double[][] found = all.leaveOneOut();
    Random random = new Random(8);
    double[] odd = new double[8];
    Arrays.setAll(odd, i -> random.nextGaussian());
    for (int left = 1; left < 8; left++) {
      double[][] signs = new double[7][];
      double[] rest = new double[7];
      for (int i = 0, n = 0; i < 8; i++) {
        if (i != left) {
          signs[n] = Games.signs(6, i == 0 ? 63 : 1 + i * 7 % 62);
          rest[n++] = odd[i];
        }
      }
      AntisymmetricProcess without =
          new AntisymmetricProcess(new ProductKernel(lengths), 0.05, signs, rest);
      double mean = without.mean(Games.signs(6, 1 + left * 7 % 62));
      assertEquals(odd[left] - mean, found[left - 1][0], 1e-9);
    }
  }
}
