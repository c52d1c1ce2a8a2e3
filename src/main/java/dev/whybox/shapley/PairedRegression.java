// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The regression whose solution on all coalitions are the Shapley values, on sampled pairs, under
 * the constraint that the values sum to s(full) − s(empty). On a pair the linear game is ½ Σ φ_k
 * x_k, x = ±1, so only odd parts are fitted.
 *
 * <ul>
 *   <li>{@link #kernel}: pairs drawn from the Shapley kernel weigh the same (Lundberg and Lee 2017;
 *       Covert and Lee 2021).
 *   <li>{@link #leverage}: pairs drawn with a uniform size weigh 1/(k(K−k)), the kernel over the
 *       odds of being drawn (Musco and Witter 2025).
 * </ul>
 */
public final class PairedRegression implements ShapleyEstimator {
  /** From so many pairs a player on, the fit needs no penalty. */
  private static final int ENOUGH = 2;

  private final boolean uniformSize;

  private PairedRegression(boolean uniformSize) {
    this.uniformSize = uniformSize;
  }

  /**
   * KernelSHAP.
   *
   * @return an estimator for pairs of {@link dev.whybox.design.ShapleyCoalitions}
   */
  public static PairedRegression kernel() {
    return new PairedRegression(false);
  }

  /**
   * Leverage SHAP.
   *
   * @return an estimator for pairs of {@link dev.whybox.design.LeverageCoalitions}
   */
  public static PairedRegression leverage() {
    return new PairedRegression(true);
  }

  @Override
  public ShapleyValues estimate(ComplementPairs scores) {
    int players = scores.players();
    int pairs = scores.pairs() - 1;
    // φ = even + δ with Σδ = 0: what is left is y − ½ Σ even·x, and x is centred.
    double even = scores.gain() / players;
    DMatrixRMaj gram = new DMatrixRMaj(players, players);
    double[] moment = new double[players];
    double[][] rows = new double[pairs][players];
    double[] rests = new double[pairs];
    double[] weights = new double[pairs];
    double trace = 0;
    for (int i = 0; i < pairs; i++) {
      double[] signs = scores.signs()[i + 1];
      double mean = Arrays.stream(signs).sum() / players;
      double size = (1 + mean) / 2 * players;
      weights[i] = uniformSize ? (players - 1) / (size * (players - size)) : 1;
      rests[i] = scores.odd()[i + 1] - even * mean * players / 2;
      for (int k = 0; k < players; k++) {
        rows[i][k] = (signs[k] - mean) / 2;
      }
      for (int k = 0; k < players; k++) {
        double scaled = weights[i] * rows[i][k];
        moment[k] += scaled * rests[i];
        for (int l = 0; l < players; l++) {
          gram.data[k * players + l] += scaled * rows[i][l];
        }
        trace += scaled * rows[i][k];
      }
    }
    // Σδ = 0 is the one direction that centred rows can't see: it gets a weight of its own.
    double scale = trace / players + 1e-9;
    double ridge = scale * (pairs >= ENOUGH * players ? 1e-10 : 1e-2);
    for (int k = 0; k < players; k++) {
      for (int l = 0; l < players; l++) {
        gram.data[k * players + l] += scale / players + (k == l ? ridge : 0);
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(players);
    if (!solver.setA(gram)) {
      throw new IllegalStateException("a Gram matrix with a ridge is positive definite");
    }
    DMatrixRMaj inverse = new DMatrixRMaj(players, players);
    solver.invert(inverse);
    double[] values = times(inverse, moment);
    double[][] covariance = pairs > players ? new double[players][players] : null;
    for (int i = 0; covariance != null && i < pairs; i++) {
      double rest = rests[i];
      for (int k = 0; k < players; k++) {
        rest -= rows[i][k] * values[k];
      }
      double[] influence = times(inverse, rows[i]);
      double square = Math.pow(weights[i] * rest, 2) * pairs / (pairs - players + 1.0);
      for (int k = 0; k < players; k++) {
        for (int l = 0; l < players; l++) {
          covariance[k][l] += square * influence[k] * influence[l];
        }
      }
    }
    double[] errors = new double[players];
    for (int k = 0; k < players; k++) {
      values[k] += even;
      errors[k] = covariance == null ? Double.NaN : Math.sqrt(covariance[k][k]);
    }
    scores.balance(values);
    return new ShapleyValues(values, errors, covariance, Double.NaN);
  }

  private static double[] times(DMatrixRMaj matrix, double[] vector) {
    double[] result = new double[vector.length];
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[i] += matrix.data[i * result.length + j] * vector[j];
      }
    }
    return result;
  }
}
