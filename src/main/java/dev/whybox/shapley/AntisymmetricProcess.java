// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

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
  private final DMatrixRMaj rows;
  private final double[] odd;
  private final double noise;

  /** The kernel of all pairs of rows, and its odd part; lower triangles. */
  private final double[] evens;

  private final double[] odds;
  private final Conditioning known;
  private final DMatrixRMaj inverse;
  private final double[] alpha;
  private final double scale;
  private DMatrixRMaj projections;

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
    this.rows = new DMatrixRMaj(signs);
    DMatrixRMaj dots = kernel.dots(rows, rows);
    int pairs = odd.length;
    this.evens = new double[pairs * pairs];
    this.odds = new double[pairs * pairs];
    DMatrixRMaj matrix = new DMatrixRMaj(pairs, pairs);
    for (int i = 0; i < pairs; i++) {
      for (int j = 0; j <= i; j++) {
        int at = i * pairs + j;
        evens[at] = kernel.even(dots.data[at]);
        odds[at] = kernel.odd(dots.data[at], evens[at]);
        matrix.data[at] = odds[at] + (i == j ? noise(i) : 0);
      }
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
    DMatrixRMaj weighted = new DMatrixRMaj(pairs, pairs);
    double constant = 0;
    for (int i = 0; i < pairs; i++) {
      for (int j = 0; j <= i; j++) {
        int at = i * pairs + j;
        double g = inverse.data[at] - alpha[i] * alpha[j] / scale;
        constant += (i == j ? 1 : 2) * g * 2 * odds[at];
        weighted.data[at] = g * (2 * evens[at] - 2 * odds[at]);
        weighted.data[j * pairs + i] = weighted.data[at];
        if (i == j && i > 0) {
          gradient[players] += g / 2;
        }
      }
    }
    DMatrixRMaj sums = Dense.product(weighted, rows);
    for (int i = 0; i < pairs; i++) {
      for (int k = 0; k < players; k++) {
        gradient[k] += rows.data[i * players + k] * sums.data[i * players + k] / 8;
      }
    }
    for (int k = 0; k < players; k++) {
      gradient[k] -= constant / 8;
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
    for (int i = 0; i < alpha.length; i++) {
      for (int j = 0; j < values.length; j++) {
        values[j] += alpha[i] * projections().data[i * values.length + j];
      }
    }
    return values;
  }

  /** L k(·,z_i) for all pairs i. */
  private DMatrixRMaj projections() {
    if (projections == null) {
      projections = kernel.values(rows);
    }
    return projections;
  }

  /** The posterior covariance of the Shapley values, in units of the score squared. */
  double[][] covariance() {
    double[][] result = kernel.covariance();
    DMatrixRMaj told = projections();
    DMatrixRMaj half = Dense.product(inverse, told);
    DMatrixRMaj known = Dense.product(CommonOps_DDRM.transpose(told, null), half);
    for (int j = 0; j < result.length; j++) {
      for (int l = 0; l < result.length; l++) {
        result[j][l] = scale * (result[j][l] - known.get(j, l));
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

  /** What a candidate would tell; in units of s². */
  Candidate candidate(double[] coalition) {
    return candidates(new double[][] {coalition}).get(0);
  }

  /** What candidates would tell; in units of s². */
  List<Candidate> candidates(double[][] coalitions) {
    int players = kernel.players();
    int pairs = signs.length;
    DMatrixRMaj pool = new DMatrixRMaj(coalitions);
    DMatrixRMaj covariances = kernel.dots(pool, rows);
    for (int i = 0; i < covariances.getNumElements(); i++) {
      double dot = covariances.data[i];
      covariances.data[i] = kernel.odd(dot, kernel.even(dot));
    }
    DMatrixRMaj solved = Dense.product(covariances, inverse);
    DMatrixRMaj told = Dense.product(solved, projections());
    DMatrixRMaj before = kernel.values(pool);
    List<Candidate> candidates = new ArrayList<>();
    for (int c = 0; c < coalitions.length; c++) {
      double[] gain = new double[players];
      for (int j = 0; j < players; j++) {
        gain[j] = before.data[c * players + j] - told.data[c * players + j];
      }
      double variance = kernel.odd(coalitions[c], coalitions[c]) + noise + LEAST_NOISE;
      for (int i = c * pairs; i < (c + 1) * pairs; i++) {
        variance -= covariances.data[i] * solved.data[i];
      }
      candidates.add(
          new Candidate(
              coalitions[c],
              gain,
              Math.max(variance, LEAST_NOISE),
              Arrays.copyOfRange(covariances.data, c * pairs, (c + 1) * pairs),
              Arrays.copyOfRange(solved.data, c * pairs, (c + 1) * pairs)));
    }
    return candidates;
  }

  /** The posterior covariance of the odd part at two candidates, in units of s². */
  double covariance(Candidate a, Candidate b) {
    double sum = kernel.odd(a.coalition(), b.coalition());
    for (int i = 0; i < signs.length; i++) {
      sum -= a.solved()[i] * b.covariances()[i];
    }
    return sum;
  }

  /**
   * A coalition that may be played: the posterior covariance of φ with its odd part, the variance
   * of that with noise, k(Z,c) and A⁻¹ k(Z,c).
   */
  record Candidate(
      double[] coalition, double[] gain, double variance, double[] covariances, double[] solved) {}
}
