// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * A linear game: the regression of {@link PairedRegression#leverage}, with the penalty that leaves
 * the least errors on pairs left out (closed form: Allen's PRESS, 1974). Standard errors are the
 * jackknife's (HC3).
 */
public final class LinearSurrogate implements SurrogateFamily {
  private static final double[] PENALTIES = {1e-6, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10};

  /** A family. */
  public LinearSurrogate() {}

  @Override
  public Fit fit(ComplementPairs scores) {
    int players = scores.players();
    int pairs = scores.pairs() - 1;
    if (pairs < 2) {
      double[] values = new double[players];
      scores.balance(values);
      return new Fit(new Linear(values), new double[pairs], null);
    }
    double even = scores.gain() / players;
    DMatrixRMaj rows = new DMatrixRMaj(pairs, players);
    DMatrixRMaj weighted = new DMatrixRMaj(pairs, players);
    double[] base = new double[pairs];
    double[] weights = new double[pairs];
    double trace = 0;
    for (int i = 0; i < pairs; i++) {
      double[] signs = scores.signs()[i + 1];
      double mean = Arrays.stream(signs).sum() / players;
      weights[i] = scores.weight(i + 1);
      base[i] = even * mean * players / 2;
      for (int k = 0; k < players; k++) {
        double x = (signs[k] - mean) / 2;
        rows.set(i, k, x);
        weighted.set(i, k, weights[i] * x);
        trace += weights[i] * x * x;
      }
    }
    DMatrixRMaj gram = new DMatrixRMaj(players, players);
    CommonOps_DDRM.multTransA(weighted, rows, gram);
    Fit best = null;
    double least = Double.POSITIVE_INFINITY;
    for (double penalty : PENALTIES) {
      double ridge = penalty * (trace + 1e-9) / players;
      Fit fit = fit(scores, rows, weighted, gram, ridge, base, even);
      double loss = 0;
      for (int i = 0; i < pairs; i++) {
        loss += weights[i] * Math.pow(scores.odd()[i + 1] - fit.leftOut()[i], 2);
      }
      if (best == null || loss < least) {
        best = fit;
        least = loss;
      }
    }
    return best;
  }

  private static Fit fit(
      ComplementPairs scores,
      DMatrixRMaj rows,
      DMatrixRMaj weighted,
      DMatrixRMaj gram,
      double ridge,
      double[] base,
      double even) {
    int pairs = rows.numRows;
    int players = rows.numCols;
    DMatrixRMaj matrix = gram.copy();
    double trace = CommonOps_DDRM.trace(gram) / players + 1e-9;
    for (int k = 0; k < players; k++) {
      for (int l = 0; l < players; l++) {
        // Centred rows can't see the sum: it gets a weight of its own.
        matrix.data[k * players + l] += trace / players + (k == l ? ridge : 0);
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(players);
    if (!solver.setA(matrix)) {
      throw new IllegalStateException("a Gram matrix with a ridge is positive definite");
    }
    DMatrixRMaj inverse = new DMatrixRMaj(players, players);
    solver.invert(inverse);
    // Row i: what a unit of pair i's odd part adds to the values.
    DMatrixRMaj influence = new DMatrixRMaj(pairs, players);
    CommonOps_DDRM.mult(weighted, inverse, influence);
    double[] values = new double[players];
    for (int i = 0; i < pairs; i++) {
      for (int k = 0; k < players; k++) {
        values[k] += influence.get(i, k) * (scores.odd()[i + 1] - base[i]);
      }
    }
    double[] leftOut = new double[pairs];
    DMatrixRMaj squares = influence.copy();
    for (int i = 0; i < pairs; i++) {
      double found = 0;
      double own = 0;
      for (int k = 0; k < players; k++) {
        found += rows.get(i, k) * values[k];
        own += rows.get(i, k) * influence.get(i, k);
      }
      double error = (scores.odd()[i + 1] - base[i] - found) / Math.max(1 - own, 1e-9);
      leftOut[i] = scores.odd()[i + 1] - error;
      for (int k = 0; k < players; k++) {
        squares.data[i * players + k] *= error;
      }
    }
    double[][] covariance = new double[players][players];
    DMatrixRMaj product = new DMatrixRMaj(players, players);
    CommonOps_DDRM.multTransA(squares, squares, product);
    for (int k = 0; k < players; k++) {
      System.arraycopy(product.data, k * players, covariance[k], 0, players);
      values[k] += even;
    }
    return new Fit(new Linear(values), leftOut, covariance);
  }

  private record Linear(double[] worth) implements Surrogate {
    @Override
    public double odd(double[] signs) {
      double sum = 0;
      for (int k = 0; k < worth.length; k++) {
        sum += signs[k] * worth[k] / 2;
      }
      return sum;
    }

    @Override
    public double[] values() {
      return worth.clone();
    }
  }
}
