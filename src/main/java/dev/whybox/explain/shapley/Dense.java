// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain.shapley;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Products and inverses of small dense matrices as sums of rows: the loops that the virtual machine
 * turns into vector instructions, which makes them several times as fast as general ones.
 */
final class Dense {
  private Dense() {}

  /** A·B. */
  static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    int columns = b.numCols;
    double[][] rows = rows(b);
    DMatrixRMaj result = new DMatrixRMaj(a.numRows, columns);
    double[] sum = new double[columns];
    for (int i = 0; i < a.numRows; i++) {
      Arrays.fill(sum, 0);
      int at = i * a.numCols;
      int k = 0;
      for (; k + 3 < a.numCols; k += 4) {
        addFour(sum, columns, a.data, at + k, rows, k);
      }
      for (; k < a.numCols; k++) {
        add(sum, columns, a.data[at + k], rows[k]);
      }
      System.arraycopy(sum, 0, result.data, i * columns, columns);
    }
    return result;
  }

  /**
   * Inverts a symmetric matrix by Cholesky's decomposition.
   *
   * @param matrix its lower triangle is read
   * @param inverse receives the inverse
   * @return log of the determinant
   * @throws ArithmeticException where the matrix is not positive definite
   */
  static double invert(DMatrixRMaj matrix, DMatrixRMaj inverse) {
    int size = matrix.numRows;
    // Row i of U, A = UᵀU, is column i of L.
    double[][] upper = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        upper[i][j] = matrix.data[j * size + i];
      }
    }
    double log = 0;
    for (int k = 0; k < size; k++) {
      double pivot = upper[k][k];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new ArithmeticException("pivot " + k + " is " + pivot);
      }
      log += Math.log(pivot);
      double scale = 1 / Math.sqrt(pivot);
      for (int j = 0; j < size; j++) {
        upper[k][j] *= scale;
      }
      for (int i = k + 1; i < size; i++) {
        subtract(upper[i], i, size, upper[k][i], upper[k]);
      }
    }
    // W = L⁻¹, by forward substitution; A⁻¹ = WᵀW.
    double[][] lower = new double[size][size];
    double[][] result = new double[size][size];
    for (int i = 0; i < size; i++) {
      lower[i][i] = 1;
      for (int k = 0; k < i; k++) {
        subtract(lower[i], 0, k + 1, upper[k][i], lower[k]);
      }
      for (int j = 0; j <= i; j++) {
        lower[i][j] /= upper[i][i];
      }
      for (int j = 0; j <= i; j++) {
        add(result[j], j + 1, lower[i][j], lower[i]);
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        inverse.data[i * size + j] = result[i][j];
        inverse.data[j * size + i] = result[i][j];
      }
    }
    return log;
  }

  private static double[][] rows(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, rows[i], 0, matrix.numCols);
    }
    return rows;
  }

  private static void add(double[] to, int count, double factor, double[] row) {
    for (int j = 0; j < count; j++) {
      to[j] += factor * row[j];
    }
  }

  private static void subtract(double[] to, int from, int end, double factor, double[] row) {
    for (int j = from; j < end; j++) {
      to[j] -= factor * row[j];
    }
  }

  private static void addFour(
      double[] to, int count, double[] factors, int at, double[][] rows, int first) {
    double f0 = factors[at];
    double f1 = factors[at + 1];
    double f2 = factors[at + 2];
    double f3 = factors[at + 3];
    double[] r0 = rows[first];
    double[] r1 = rows[first + 1];
    double[] r2 = rows[first + 2];
    double[] r3 = rows[first + 3];
    for (int j = 0; j < count; j++) {
      to[j] += f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
    }
  }
}
