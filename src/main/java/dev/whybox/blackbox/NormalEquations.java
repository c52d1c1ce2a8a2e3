// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The sums of a weighted least-squares fit on coalitions: A = Σ w z zᵀ and B = Σ w z yᵀ, z a vector
 * of zeros and ones.
 */
final class NormalEquations {
  private final int players;
  private final int targets;
  private final double[] gram;
  private final double[] moments;

  NormalEquations(int players, int targets) {
    this.players = players;
    this.targets = targets;
    this.gram = new double[players * players];
    this.moments = new double[players * targets];
  }

  /**
   * Adds one sample.
   *
   * @param members the segments that are present, ascending, in the first places
   * @param size how many they are
   * @param weight the sample's weight
   * @param y one value per target
   */
  void add(int[] members, int size, double weight, double[] y) {
    for (int i = 0; i < size; i++) {
      int row = members[i] * players;
      for (int j = i; j < size; j++) {
        gram[row + members[j]] += weight;
      }
      int moment = members[i] * targets;
      for (int t = 0; t < targets; t++) {
        moments[moment + t] += weight * y[t];
      }
    }
  }

  /**
   * Moves the origin: A −= W m mᵀ, B −= W m ȳᵀ, which fits an intercept.
   *
   * @param total W, the sum of weights
   * @param mean m, the weighted mean of z
   * @param meanY ȳ, the weighted mean of y
   */
  void center(double total, double[] mean, double[] meanY) {
    for (int i = 0; i < players; i++) {
      for (int j = i; j < players; j++) {
        gram[i * players + j] -= total * mean[i] * mean[j];
      }
      for (int t = 0; t < targets; t++) {
        moments[i * targets + t] -= total * mean[i] * meanY[t];
      }
    }
  }

  /** A, row by row; entries below the diagonal are 0. Not a copy. */
  double[] gram() {
    return gram;
  }

  /** B, {@code players × targets}. Not a copy. */
  double[] moments() {
    return moments;
  }

  double trace() {
    double trace = 0;
    for (int i = 0; i < players; i++) {
      trace += gram[i * players + i];
    }
    return trace;
  }

  /** The inverse of A + ridge·I, by Cholesky's decomposition. */
  DMatrixRMaj inverse(double ridge) {
    DMatrixRMaj matrix = new DMatrixRMaj(players, players);
    for (int i = 0; i < players; i++) {
      for (int j = i; j < players; j++) {
        double value = gram[i * players + j] + (i == j ? ridge : 0);
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(players);
    DMatrixRMaj inverse = new DMatrixRMaj(players, players);
    if (solver.setA(matrix.copy())) {
      solver.invert(inverse);
      return inverse;
    }
    // Not positive definite in floating point: the pseudo-inverse is defined all the same.
    CommonOps_DDRM.pinv(matrix, inverse);
    return inverse;
  }

  /** A matrix times the target's column of B. */
  double[] apply(DMatrixRMaj matrix, int target) {
    double[] result = new double[players];
    for (int i = 0; i < players; i++) {
      for (int j = 0; j < players; j++) {
        result[i] += matrix.get(i, j) * moments[j * targets + target];
      }
    }
    return result;
  }

  /** Adds the square of each entry of {@code matrix · vector}: one term of a sandwich variance. */
  static void addSquares(DMatrixRMaj matrix, double[] vector, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      double dot = 0;
      for (int j = 0; j < vector.length; j++) {
        dot += matrix.data[i * vector.length + j] * vector[j];
      }
      sums[i] += dot * dot;
    }
  }
}
