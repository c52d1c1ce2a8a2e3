// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * A Gaussian process on the odd part of a game, which changes its sign where a coalition and its
 * complement are exchanged, given its values at some pairs: posterior mean and covariance of the
 * Shapley values in closed form. With pairs the odd part is independent of the even part and of a
 * constant mean, so the matrices have a row per pair, not a row a score.
 *
 * <p>The noise is relative to s², the prior variance, which has its most likely value. Pair 0, the
 * full and the empty coalition, has next to none: so the values sum to what they must.
 */
final class AntisymmetricProcess {
  /** Keeps a matrix of distinct coalitions invertible in double precision. */
  static final double LEAST_NOISE = 1e-8;

  private final ProductKernel kernel;
  private final double[][] signs;
  private final double[] odd;
  private final double noise;

  /** The kernel of all pairs of rows, and its odd part; lower triangles. */
  private final double[][] evens;

  private final double[][] odds;
  private final Conditioning known;
  private final double[][] inverse;
  private final double[] alpha;
  private final double scale;
  private double[][] projections;

  /**
   * A process.
   *
   * @throws ArithmeticException where the covariance of the pairs is not positive definite
   */
  AntisymmetricProcess(ProductKernel kernel, double noise, double[][] signs, double[] odd) {
    this.kernel = kernel;
    this.signs = signs;
    this.odd = odd;
    this.noise = noise;
    this.evens = kernel.dots(signs);
    this.odds = new double[odd.length][];
    double[][] matrix = new double[odd.length][];
    for (int i = 0; i < odd.length; i++) {
      odds[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double dot = evens[i][j];
        evens[i][j] = kernel.even(dot);
        odds[i][j] = kernel.odd(dot, evens[i][j]);
      }
      matrix[i] = odds[i].clone();
      matrix[i][i] += noise(i);
    }
    this.known = new Conditioning(matrix, odd, false);
    this.inverse = known.inverse();
    this.alpha = known.alpha();
    this.scale = known.scale();
  }

  /**
   * A process with more noise where the covariance is not positive definite without: ten times as
   * much again and again.
   *
   * @throws BadArgument where that does not help
   */
  static AntisymmetricProcess stable(
      ProductKernel kernel, double noise, double[][] signs, double[] odd) {
    return Conditioning.stable(
        odd.length, more -> new AntisymmetricProcess(kernel, noise + more, signs, odd));
  }

  private double noise(int pair) {
    return pair == 0 ? LEAST_NOISE : noise + LEAST_NOISE;
  }

  /** −log of the marginal likelihood, but for a constant; s² profiled out. */
  double loss() {
    return odd.length / 2.0 * Math.log(scale) + known.logDeterminant() / 2;
  }

  /** The loss's derivatives: by ℓ_k for all k, then by the noise. */
  double[] lossGradient() {
    int pairs = odd.length;
    int players = kernel.players();
    double[] gradient = new double[players + 1];
    // A sum over all i and j of what is symmetric is twice that over j ≤ i, with half the diagonal.
    double[][] weighted = new double[pairs][];
    double constant = 0;
    for (int i = 0; i < pairs; i++) {
      weighted[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double g = inverse[i][j] - alpha[i] * alpha[j] / scale;
        constant += (i == j ? 1 : 2) * g * odds[i][j];
        weighted[i][j] = g * (evens[i][j] - odds[i][j]);
      }
      weighted[i][i] /= 2;
      gradient[players] += i == 0 ? 0 : (inverse[i][i] - alpha[i] * alpha[i] / scale) / 2;
    }
    double[][] sums = Dense.triangle(weighted, signs);
    for (int i = 0; i < pairs; i++) {
      for (int k = 0; k < players; k++) {
        gradient[k] += signs[i][k] * sums[i][k] / 2;
      }
    }
    for (int k = 0; k < players; k++) {
      gradient[k] -= constant / 4;
    }
    return gradient;
  }

  int players() {
    return kernel.players();
  }

  ProductKernel kernel() {
    return kernel;
  }

  /** In parts of s². */
  double noise() {
    return noise;
  }

  /** What the pairs tell. */
  Conditioning known() {
    return known;
  }

  /** s², the prior variance. */
  double scale() {
    return scale;
  }

  /** The posterior mean of the odd part at a coalition. */
  double mean(double[] coalition) {
    double sum = 0;
    for (int i = 0; i < alpha.length; i++) {
      sum += alpha[i] * kernel.odd(coalition, signs[i]);
    }
    return sum;
  }

  /** The Shapley values of the posterior mean. */
  double[] values() {
    double[] values = new double[kernel.players()];
    for (int j = 0; j < values.length; j++) {
      for (int i = 0; i < alpha.length; i++) {
        values[j] += alpha[i] * projections()[j][i];
      }
    }
    return values;
  }

  /** L_j k(·,z_i), a row a player j, a column a pair i. */
  private double[][] projections() {
    if (projections == null) {
      projections = kernel.values(Dense.transposed(signs));
    }
    return projections;
  }

  /** The posterior covariance of the Shapley values, in units of the score squared. */
  double[][] covariance() {
    double[][] result = kernel.covariance();
    double[][] half = Dense.product(projections(), inverse);
    double[][] told = Dense.lower(half, Dense.transposed(projections()));
    for (int j = 0; j < result.length; j++) {
      for (int l = 0; l <= j; l++) {
        result[j][l] = scale * (result[j][l] - told[j][l]);
        result[l][j] = result[j][l];
      }
    }
    return result;
  }

  /**
   * What the prior says of the parts of players that were never parted: of each player the mean
   * over its parts of Var(φ_part − φ/n), in units of the score squared. Parts are as long as each
   * other; since every pair had all of a player's parts or none, no score tells of what they differ
   * by.
   *
   * @param owners of each part its player
   * @param finest the tree of the parts, in which a player is a group
   */
  double[] spreads(int[] owners, Hierarchy finest) {
    int players = kernel.players();
    int[] sizes = new int[players];
    for (int owner : owners) {
      sizes[owner]++;
    }
    double[] lengths = new double[owners.length];
    Arrays.setAll(lengths, part -> kernel.length(owners[part]) / sizes[owners[part]]);
    double[] parts = new NestedKernel(lengths, finest).variances();
    double[] wholes = ((NestedKernel) kernel).variances();
    double[] result = new double[players];
    for (int part = 0; part < owners.length; part++) {
      result[owners[part]] += parts[part];
    }
    for (int k = 0; k < players; k++) {
      double each = result[k] / sizes[k] - wholes[k] / sizes[k] / sizes[k];
      result[k] = sizes[k] == 1 ? 0 : scale * Math.max(0, each);
    }
    return result;
  }

  /** Leave-one-out errors in closed form, pair 0 left out: the error and its standard deviation. */
  double[][] leaveOneOut() {
    return known.leaveOneOut();
  }

  /**
   * What candidates would tell.
   *
   * @param coalitions a row each
   */
  Candidates candidates(double[][] coalitions) {
    return new Candidates(this, coalitions);
  }

  /** The prior variance of a score with noise. */
  double variance() {
    return kernel.odds(new double[][] {{kernel.total()}})[0][0] + noise + LEAST_NOISE;
  }

  /** The prior covariance of the odd part at each pair and at other coalitions; a row a pair. */
  double[][] covariances(double[][] columns) {
    return kernel.odds(kernel.dots(signs, columns));
  }

  /** A⁻¹ times what has a row a pair. */
  double[][] solved(double[][] covariances) {
    return Dense.product(inverse, covariances);
  }

  /**
   * The posterior covariance of each φ with the odd part at each candidate; a row a player.
   *
   * @param columns the candidates, a row a player
   * @param solved A⁻¹ k(Z,c), a row a pair
   */
  double[][] gains(double[][] columns, double[][] solved) {
    double[][] gains = kernel.values(columns);
    double[][] told = Dense.product(projections(), solved);
    for (int j = 0; j < gains.length; j++) {
      for (int c = 0; c < gains[j].length; c++) {
        gains[j][c] -= told[j][c];
      }
    }
    return gains;
  }
}
