// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.LeverageCoalitions;
import java.util.Arrays;
import java.util.Random;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class GamePosteriorTest {
  private static final int PLAYERS = 7;
  private static final double NOISE = 0.02;

  private static double[] lengths() {
    Random random = new Random(3);
    double[] lengths = new double[PLAYERS];
    Arrays.setAll(lengths, k -> Math.exp(random.nextGaussian() - 1));
    return lengths;
  }

  /** Π exp(−ℓ_k)^[z_k ≠ z'_k]. */
  private static double kernel(double[] lengths, int a, int b) {
    double product = 1;
    for (int k = 0; k < lengths.length; k++) {
      product *= (a >> k & 1) == (b >> k & 1) ? 1 : Math.exp(-lengths[k]);
    }
    return product;
  }

  /** Covariance of the even or odd parts at two coalitions. */
  private static double part(double[] lengths, int a, int b, int sign) {
    int opposite = (1 << lengths.length) - 1 - b;
    return (kernel(lengths, a, b) + sign * kernel(lengths, a, opposite)) / 2;
  }

  /**
   * The textbook's equations of universal kriging: a row per pair, and one for the constant's
   * coefficient, with a Lagrange multiplier.
   *
   * @return the posterior mean, the variance in parts of s², and s²
   */
  private static double[] textbook(double[] lengths, int[] pairs, double[] y, int at, int sign) {
    int n = pairs.length;
    int free = sign > 0 ? 1 : 0;
    SimpleMatrix system = new SimpleMatrix(n + free, n + free);
    SimpleMatrix right = new SimpleMatrix(n + free, 1);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        system.set(i, j, part(lengths, pairs[i], pairs[j], sign));
      }
      system.set(i, i, system.get(i, i) + AntisymmetricProcess.LEAST_NOISE + (i == 0 ? 0 : NOISE));
      right.set(i, 0, part(lengths, pairs[i], at, sign));
      if (free == 1) {
        system.set(i, n, 1);
        system.set(n, i, 1);
      }
    }
    if (free == 1) {
      right.set(n, 0, 1);
    }
    SimpleMatrix weights = system.solve(right);
    SimpleMatrix values = new SimpleMatrix(n + free, 1);
    for (int i = 0; i < n; i++) {
      values.set(i, 0, y[i]);
    }
    double variance = part(lengths, at, at, sign) - weights.dot(right);
    double scale = values.dot(system.solve(values)) / (n - free);
    return new double[] {weights.dot(values), variance, scale};
  }

  private static int[] pairs(ComplementPairs scores) {
    int[] pairs = new int[scores.pairs()];
    for (int i = 0; i < pairs.length; i++) {
      for (int k = 0; k < scores.players(); k++) {
        pairs[i] |= scores.signs()[i][k] > 0 ? 1 << k : 0;
      }
    }
    return pairs;
  }

  @Test
  void scoresEqualTheTextbooks() {
    ComplementPairs scores = Games.random(PLAYERS, 11, 5);
    double[] lengths = lengths();
    int[] pairs = pairs(scores);
    ProductKernel kernel = new ProductKernel(lengths);
    AntisymmetricProcess odd =
        new AntisymmetricProcess(kernel, NOISE, scores.signs(), scores.odd());
    GamePosterior posterior =
        new GamePosterior(kernel, NOISE, odd, scores, GaussianProcess.CALIBRATION);
    SymmetricProcess even = new SymmetricProcess(kernel, NOISE, scores.signs(), scores.even());
    double[] widening = {
      GaussianProcess.widening(odd.known().leaveOneOut(), GaussianProcess.CALIBRATION),
      GaussianProcess.widening(even.known().leaveOneOut(), GaussianProcess.CALIBRATION)
    };
    for (int at = 0; at < 1 << PLAYERS; at += 9) {
      double[] expectedOdd = textbook(lengths, pairs, scores.odd(), at, -1);
      double[] expectedEven = textbook(lengths, pairs, scores.even(), at, 1);
      double[][] found = posterior.scores(new double[][] {Games.signs(PLAYERS, at)});
      assertEquals(expectedOdd[0] + expectedEven[0], found[0][0], 1e-9);
      double variance =
          widening[0] * expectedOdd[1] * expectedOdd[2]
              + widening[1] * expectedEven[1] * expectedEven[2];
      assertEquals(variance, found[1][0], 1e-9);
    }
  }

  /** Of the coefficients: the mean's and, by the covariance of all scores, their errors'. */
  @Test
  void coefficientsAreTheFitOfTheScores() {
    ComplementPairs scores = Games.random(PLAYERS, 11, 6);
    double[] lengths = lengths();
    ProductKernel kernel = new ProductKernel(lengths);
    AntisymmetricProcess odd =
        new AntisymmetricProcess(kernel, NOISE, scores.signs(), scores.odd());
    SymmetricProcess even = new SymmetricProcess(kernel, NOISE, scores.signs(), scores.even());
    GamePosterior posterior =
        new GamePosterior(kernel, NOISE, odd, scores, GaussianProcess.CALIBRATION);
    int count = 1 << PLAYERS;
    // The rule as a matrix: what it makes of a game that is 1 at one coalition.
    SymmetricFunctional rule = SymmetricFunctional.ridge(PLAYERS, s -> 1 + s, 0.5, count);
    SimpleMatrix matrix = matrix(rule);
    double[][] all = new double[count][];
    Arrays.setAll(all, c -> Games.signs(PLAYERS, c));
    double[] predicted = posterior.scores(all)[0];
    GamePosterior.Values found = posterior.values(rule);
    SimpleMatrix mean = matrix.mult(new SimpleMatrix(count, 1, true, predicted));
    double[] variances = new double[PLAYERS];
    add(variances, matrix, lengths, pairs(scores), odd.known(), -1);
    add(variances, matrix, lengths, pairs(scores), even.known(), 1);
    for (int k = 0; k < PLAYERS; k++) {
      assertEquals(mean.get(k, 0), found.values()[k], 1e-9);
      assertEquals(Math.sqrt(variances[k]), found.standardErrors()[k], 1e-8);
    }
  }

  /** Adds the widened posterior variance of what the matrix makes of one part. */
  private static void add(
      double[] variances,
      SimpleMatrix matrix,
      double[] lengths,
      int[] pairs,
      Conditioning known,
      int sign) {
    int count = matrix.getNumCols();
    int n = pairs.length;
    SimpleMatrix prior = new SimpleMatrix(count, count);
    SimpleMatrix seen = new SimpleMatrix(n, count);
    SimpleMatrix a = new SimpleMatrix(n, n);
    for (int c = 0; c < count; c++) {
      for (int d = 0; d < count; d++) {
        prior.set(c, d, part(lengths, c, d, sign));
      }
      for (int i = 0; i < n; i++) {
        seen.set(i, c, part(lengths, pairs[i], c, sign));
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a.set(i, j, part(lengths, pairs[i], pairs[j], sign));
      }
      a.set(i, i, a.get(i, i) + AntisymmetricProcess.LEAST_NOISE + (i == 0 ? 0 : NOISE));
    }
    SimpleMatrix inverse = a.invert();
    SimpleMatrix posterior = prior.minus(seen.transpose().mult(inverse).mult(seen));
    if (sign > 0) {
      SimpleMatrix ones = SimpleMatrix.ones(n, 1);
      SimpleMatrix gap =
          SimpleMatrix.ones(count, 1).minus(seen.transpose().mult(inverse).mult(ones));
      double precision = ones.transpose().mult(inverse).mult(ones).get(0, 0);
      posterior = posterior.plus(gap.mult(gap.transpose()).divide(precision));
    }
    SimpleMatrix result = matrix.mult(posterior).mult(matrix.transpose());
    double widening = GaussianProcess.widening(known.leaveOneOut(), GaussianProcess.CALIBRATION);
    for (int k = 0; k < variances.length; k++) {
      variances[k] += known.scale() * widening * result.get(k, k);
    }
  }

  private static SimpleMatrix matrix(SymmetricFunctional rule) {
    int count = 1 << PLAYERS;
    SimpleMatrix matrix = new SimpleMatrix(PLAYERS, count);
    for (int c = 0; c < count; c++) {
      // 1 at c alone is a mean of all parities, with the sign that each has there.
      for (int set = 0; set < count; set++) {
        int size = Integer.bitCount(set);
        int absent = Integer.bitCount(set & ~c);
        double part = (absent % 2 == 0 ? 1.0 : -1.0) / count;
        for (int k = 0; k < PLAYERS; k++) {
          double number = (set >> k & 1) != 0 ? rule.inside()[size] : rule.outside()[size];
          matrix.set(k, c, matrix.get(k, c) + part * number);
        }
      }
    }
    return matrix;
  }

  @Test
  void leaveOneOutErrorsOfAnEvenPartAreThoseOfItsRest() {
    ComplementPairs scores = Games.random(PLAYERS, 9, 8);
    double[] lengths = lengths();
    ProductKernel kernel = new ProductKernel(lengths);
    double[][] found =
        new SymmetricProcess(kernel, NOISE, scores.signs(), scores.even()).known().leaveOneOut();
    int[] pairs = pairs(scores);
    for (int i = 1; i < pairs.length; i++) {
      int[] rest = new int[pairs.length - 1];
      double[] y = new double[pairs.length - 1];
      for (int j = 0, to = 0; j < pairs.length; j++) {
        if (j != i) {
          rest[to] = pairs[j];
          y[to++] = scores.even()[j];
        }
      }
      double mean = textbook(lengths, rest, y, pairs[i], 1)[0];
      assertEquals(scores.even()[i] - mean, found[i - 1][0], 1e-9);
    }
  }

  @Test
  void aConstantGameHasNoCoefficients() {
    double[] game = new double[1 << PLAYERS];
    Arrays.fill(game, 0.3);
    ComplementPairs scores = Games.play(new LeverageCoalitions(PLAYERS, 1), 10, game);
    GamePosterior posterior = new GaussianProcess().posterior(scores, false);
    SymmetricFunctional rule = SymmetricFunctional.ridge(PLAYERS, s -> 1, 1, 100);
    GamePosterior.Values found = posterior.values(rule);
    assertArrayEquals(new double[PLAYERS], found.values(), 0);
    assertArrayEquals(new double[PLAYERS], found.standardErrors(), 0);
    assertEquals(0.3, posterior.scores(new double[][] {Games.signs(PLAYERS, 3)})[0][0], 0);
  }

  /** A game and its dual differ in the odd part alone: an even game has no odd part. */
  @Test
  void aGameWithoutAnOddPartIsPredictedToo() {
    double[] game = new double[1 << PLAYERS];
    Arrays.setAll(game, c -> Games.signs(PLAYERS, c)[0] * Games.signs(PLAYERS, c)[1]);
    ComplementPairs scores = Games.play(new LeverageCoalitions(PLAYERS, 1), 50, game);
    GamePosterior posterior = new GaussianProcess().posterior(scores, false);
    double found = posterior.scores(new double[][] {Games.signs(PLAYERS, 77)})[0][0];
    assertEquals(game[77], found, 0.2);
  }

  @Test
  void tooFewPairsSayNothingOfTheErrors() {
    ComplementPairs scores = Games.random(PLAYERS, 1, 2);
    SymmetricFunctional rule = SymmetricFunctional.ridge(PLAYERS, s -> 1, 1, 100);
    GamePosterior.Values found = new GaussianProcess().posterior(scores, false).values(rule);
    assertTrue(Arrays.stream(found.standardErrors()).allMatch(Double::isNaN));
    assertTrue(Arrays.stream(found.values()).allMatch(Double::isFinite));
  }
}
