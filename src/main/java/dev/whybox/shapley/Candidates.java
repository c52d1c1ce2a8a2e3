// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Coalitions that may be played, and what each pair of them would tell of the Shapley values of one
 * process; in units of its prior variance. When one is taken, what it tells is taken out of all
 * others: that depends on which it is and not on its scores. For one thread at a time.
 */
final class Candidates {
  private final ProductKernel kernel;
  private final double[][] rows;
  private final double[][] columns;

  /** k(Z,c) and A⁻¹ k(Z,c), a row a pair, a column a candidate. */
  private final double[][] covariances;

  private final double[][] solved;

  /** The posterior covariance of each φ with the odd part at each candidate; a row a player. */
  private final double[][] gains;

  /** Of the odd part at each candidate, with noise. */
  private final double[] variances;

  /** Of each that was taken, its covariance with all, over its deviation. */
  private final List<double[]> known = new ArrayList<>();

  /**
   * Candidates of a process.
   *
   * @param rows a coalition each, 1 for a player that is present, else −1
   */
  Candidates(AntisymmetricProcess process, double[][] rows) {
    this.kernel = process.kernel();
    this.rows = rows;
    this.columns = Dense.transposed(rows);
    this.covariances = process.covariances(columns);
    this.solved = process.solved(covariances);
    this.gains = process.gains(columns, solved);
    this.variances = new double[rows.length];
    Arrays.fill(variances, process.variance());
    for (int i = 0; i < solved.length; i++) {
      for (int c = 0; c < variances.length; c++) {
        variances[c] -= covariances[i][c] * solved[i][c];
      }
    }
    atLeastNoise();
  }

  private void atLeastNoise() {
    for (int c = 0; c < variances.length; c++) {
      variances[c] = Math.max(AntisymmetricProcess.LEAST_NOISE, variances[c]);
    }
  }

  /** The posterior covariance of the values with the odd part at a candidate. */
  double[] gain(int candidate) {
    return Arrays.stream(gains).mapToDouble(row -> row[candidate]).toArray();
  }

  /** The variance of the odd part at a candidate, with noise. */
  double variance(int candidate) {
    return variances[candidate];
  }

  /** Adds to each candidate's number by how much it lowers Σ Var φ, times a weight. */
  void addDrops(double weight, double[] drops) {
    double[] sums = new double[drops.length];
    for (double[] gain : gains) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += gain[c] * gain[c];
      }
    }
    for (int c = 0; c < sums.length; c++) {
      drops[c] += weight * sums[c] / variances[c];
    }
  }

  /** Takes what a candidate tells out of all others. */
  void take(int best) {
    double root = Math.sqrt(variances[best]);
    double[] row = posterior(best);
    for (int c = 0; c < row.length; c++) {
      row[c] /= root;
      variances[c] -= row[c] * row[c];
    }
    atLeastNoise();
    known.add(row);
    for (double[] gain : gains) {
      double factor = gain[best] / root;
      for (int c = 0; c < row.length; c++) {
        gain[c] -= factor * row[c];
      }
    }
  }

  /** The covariance of a candidate with all, after what was taken. */
  private double[] posterior(int best) {
    double[] result = kernel.odds(kernel.dots(new double[][] {rows[best]}, columns))[0];
    subtract(solved, covariances, best, result);
    double[][] taken = known.toArray(double[][]::new);
    subtract(taken, taken, best, result);
    return result;
  }

  /** Takes off a sum of rows, each times the factor that the best candidate has there. */
  private static void subtract(double[][] factors, double[][] rows, int best, double[] from) {
    if (rows.length == 0) {
      return;
    }
    double[] row = Arrays.stream(factors).mapToDouble(each -> each[best]).toArray();
    double[] sum = Dense.product(new double[][] {row}, rows)[0];
    for (int c = 0; c < from.length; c++) {
      from[c] -= sum[c];
    }
  }
}
