// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.random.Normal;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The certainty of the segments' order. It assumes that the errors of the values are normally
 * distributed with the covariance that the estimator states.
 *
 * @param top the segment with the greatest value
 * @param topProbability the probability that no other segment has a greater true value, from
 *     {@value #DRAWS} random draws
 * @param kendallTau the expected Kendall's τ between the order found and the true order, −1 to 1:
 *     the mean over all pairs of segments of 2Φ(|φ_j − φ_l| / SE(φ_j − φ_l)) − 1
 */
public record Ranking(int top, double topProbability, double kendallTau) {
  private static final int DRAWS = 2000;

  /** A difference below this is a rounding error. */
  private static final double TINY = 1e-12;

  /**
   * Computes the ranking of estimated values.
   *
   * @param found the values
   * @return null if the covariance of their errors is not known
   */
  public static Ranking of(SegmentValues found) {
    double[] values = found.values();
    double[][] covariance = found.covariance();
    if (covariance == null) {
      return null;
    }
    int top = 0;
    double sum = 0;
    int pairs = 0;
    for (int j = 0; j < values.length; j++) {
      top = values[j] > values[top] ? j : top;
      for (int l = 0; l < j; l++) {
        double variance = covariance[j][j] + covariance[l][l] - 2 * covariance[j][l];
        double difference = Math.abs(values[j] - values[l]);
        double deviation = Math.sqrt(Math.max(variance, 0));
        sum += deviation > TINY ? 2 * below(difference / deviation) - 1 : 1;
        pairs++;
      }
    }
    return new Ranking(top, topProbability(values, covariance, top), pairs == 0 ? 1 : sum / pairs);
  }

  private static double topProbability(double[] values, double[][] covariance, int top) {
    int players = values.length;
    double[][] root = root(covariance);
    Normal normal = new Normal(0);
    float[] noise = new float[players];
    int held = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      Arrays.fill(noise, 0);
      normal.add(draw, 1, noise);
      boolean holds = true;
      double best = values[top] + dot(root[top], noise);
      for (int k = 0; k < players && holds; k++) {
        holds = k == top || values[k] + dot(root[k], noise) <= best + TINY;
      }
      held += holds ? 1 : 0;
    }
    return (double) held / DRAWS;
  }

  /**
   * A matrix R with R Rᵀ = covariance. The covariance may be singular, since the sum of the values
   * can be known exactly.
   */
  private static double[][] root(double[][] covariance) {
    int players = covariance.length;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(players, true, true);
    double[][] root = new double[players][players];
    if (!eigen.decompose(new DMatrixRMaj(covariance))) {
      throw new IllegalStateException("a symmetric matrix has eigenvectors");
    }
    for (int i = 0; i < players; i++) {
      DMatrixRMaj vector = eigen.getEigenVector(i);
      double length = Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
      for (int k = 0; vector != null && k < players; k++) {
        root[k][i] = length * vector.data[k];
      }
    }
    return root;
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /**
   * Φ(x) for x at least 0: Abramowitz and Stegun, "Handbook of mathematical functions" (1964),
   * 26.2.17; the error is below 7.5e-8.
   */
  static double below(double x) {
    double t = 1 / (1 + 0.2316419 * x);
    double series =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return 1 - Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * series;
  }
}
