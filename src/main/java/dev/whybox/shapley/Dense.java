// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Products and inverses of small dense matrices as sums of rows: the loops that the virtual machine
 * turns into vector instructions, which makes them several times as fast as general ones.
 */
final class Dense {
  /** So many rows at a time: a sum is then loaded and stored once for all of them. */
  private static final int BLOCK = 4;

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
    double log = decompose(upper);
    // W = L⁻¹, by forward substitution; A⁻¹ = WᵀW. What is right of a row's diagonal is 0.
    double[][] lower = new double[size][size];
    double[][] result = new double[size][size];
    for (int first = 0; first < size; first += BLOCK) {
      int end = Math.min(first + BLOCK, size);
      for (int i = first; i < end; i++) {
        lower[i][i] = 1;
        int k = 0;
        for (; k + BLOCK <= i; k += BLOCK) {
          subtractFour(lower[i], 0, k + BLOCK, upper, k, i, lower);
        }
        for (; k < i; k++) {
          subtract(lower[i], 0, k + 1, upper[k][i], lower[k]);
        }
        for (int j = 0; j <= i; j++) {
          lower[i][j] /= upper[i][i];
        }
      }
      if (end - first < BLOCK) {
        for (int i = first; i < end; i++) {
          for (int j = 0; j <= i; j++) {
            add(result[j], j + 1, lower[i][j], lower[i]);
          }
        }
        break;
      }
      double[] factors = new double[BLOCK];
      for (int j = 0; j < end; j++) {
        for (int q = 0; q < BLOCK; q++) {
          factors[q] = lower[first + q][j];
        }
        addFour(result[j], j + 1, factors, 0, lower, first);
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

  /**
   * Cholesky's decomposition in place, {@value #BLOCK} pivots at a time.
   *
   * @param upper the upper triangle; becomes U, A = UᵀU
   * @return log of the determinant
   */
  private static double decompose(double[][] upper) {
    int size = upper.length;
    double log = 0;
    for (int first = 0; first < size; first += BLOCK) {
      int end = Math.min(first + BLOCK, size);
      for (int k = first; k < end; k++) {
        for (int before = first; before < k; before++) {
          subtract(upper[k], k, size, upper[before][k], upper[before]);
        }
        double pivot = upper[k][k];
        if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
          throw new ArithmeticException("pivot " + k + " is " + pivot);
        }
        log += Math.log(pivot);
        double scale = 1 / Math.sqrt(pivot);
        for (int j = k; j < size; j++) {
          upper[k][j] *= scale;
        }
      }
      for (int i = end; i < size; i++) {
        subtractFour(upper[i], i, size, upper, first, i, upper);
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

  /** Four rows at once, from {@code first}; the factor of each is its column's value in factors. */
  private static void subtractFour(
      double[] to, int from, int end, double[][] factors, int first, int column, double[][] rows) {
    double f0 = factors[first][column];
    double f1 = factors[first + 1][column];
    double f2 = factors[first + 2][column];
    double f3 = factors[first + 3][column];
    double[] r0 = rows[first];
    double[] r1 = rows[first + 1];
    double[] r2 = rows[first + 2];
    double[] r3 = rows[first + 3];
    for (int j = from; j < end; j++) {
      to[j] -= f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
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
