// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * Products and inverses of small dense matrices, arrays of rows, as sums of rows: the loops that
 * the virtual machine turns into vector instructions, which makes them several times as fast as
 * general ones. It does so for small loops alone, so one sum of four rows at a time is faster than
 * two. Longer rows are faster, so the longest side of a product should be its columns.
 */
final class Dense {
  /** So many rows at a time: a sum is then loaded and stored once for all of them. */
  private static final int BLOCK = 4;

  private Dense() {}

  /** A·B. */
  static double[][] product(double[][] a, double[][] b) {
    int columns = b.length == 0 ? 0 : b[0].length;
    double[][] result = new double[a.length][columns];
    for (int i = 0; i < a.length; i++) {
      add(result[i], columns, a[i], b.length, b);
    }
    return result;
  }

  /**
   * The lower triangle of A·B, which is symmetric: half the work.
   *
   * @return of row i the first i + 1 values
   */
  static double[][] lower(double[][] a, double[][] b) {
    double[][] result = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      result[i] = new double[i + 1];
      add(result[i], i + 1, a[i], b.length, b);
    }
    return result;
  }

  /** A·B where A is a lower triangle: nothing right of its diagonal is read. */
  static double[][] triangle(double[][] a, double[][] b) {
    int columns = b.length == 0 ? 0 : b[0].length;
    double[][] result = new double[a.length][columns];
    for (int i = 0; i < a.length; i++) {
      add(result[i], columns, a[i], i + 1, b);
    }
    return result;
  }

  /** Aᵀ. */
  static double[][] transposed(double[][] a) {
    int columns = a.length == 0 ? 0 : a[0].length;
    double[][] result = new double[columns][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < columns; j++) {
        result[j][i] = a[i][j];
      }
    }
    return result;
  }

  /**
   * Inverts a symmetric matrix by Cholesky's decomposition.
   *
   * @param matrix its lower triangle is read
   * @param inverse receives the inverse, all of it
   * @return log of the determinant
   * @throws ArithmeticException where the matrix is not positive definite
   */
  static double invert(double[][] matrix, double[][] inverse) {
    int size = matrix.length;
    // Row i of U, A = UᵀU, is column i of L.
    double[][] upper = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int i = 0; i <= j; i++) {
        upper[i][j] = matrix[j][i];
      }
    }
    double log = decompose(upper);
    // A⁻¹ = WᵀW, W = L⁻¹: row k of W adds to the rows up to k.
    double[][] lower = inverseOf(upper);
    for (double[] row : inverse) {
      Arrays.fill(row, 0);
    }
    int first = 0;
    for (; first + BLOCK <= size; first += BLOCK) {
      for (int i = 0; i < first + BLOCK; i++) {
        addFour(inverse[i], 0, i + 1, 1, lower, first, i, lower);
      }
    }
    for (; first < size; first++) {
      for (int i = 0; i <= first; i++) {
        add(inverse[i], 0, i + 1, lower[first][i], lower[first]);
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        inverse[j][i] = inverse[i][j];
      }
    }
    return log;
  }

  /** W = (Uᵀ)⁻¹ by forward substitution. What is right of a row's diagonal is 0. */
  private static double[][] inverseOf(double[][] upper) {
    int size = upper.length;
    double[][] lower = new double[size][size];
    for (int i = 0; i < size; i++) {
      lower[i][i] = 1;
      int k = 0;
      for (; k + BLOCK <= i; k += BLOCK) {
        addFour(lower[i], 0, k + BLOCK, -1, upper, k, i, lower);
      }
      for (; k < i; k++) {
        add(lower[i], 0, k + 1, -upper[k][i], lower[k]);
      }
      scale(lower[i], 0, i + 1, 1 / upper[i][i]);
    }
    return lower;
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
          add(upper[k], k, size, -upper[before][k], upper[before]);
        }
        double pivot = upper[k][k];
        if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
          throw new ArithmeticException("pivot " + k + " is " + pivot);
        }
        log += Math.log(pivot);
        scale(upper[k], k, size, 1 / Math.sqrt(pivot));
      }
      for (int i = end; i < size; i++) {
        addFour(upper[i], i, size, -1, upper, first, i, upper);
      }
    }
    return log;
  }

  /** Adds the first rows of B, each times its factor. */
  private static void add(double[] sum, int columns, double[] factors, int count, double[][] b) {
    int k = 0;
    for (; k + BLOCK <= count; k += BLOCK) {
      addFour(sum, 0, columns, factors[k], factors[k + 1], factors[k + 2], factors[k + 3], b, k);
    }
    for (; k < count; k++) {
      add(sum, 0, columns, factors[k], b[k]);
    }
  }

  private static void scale(double[] row, int from, int end, double factor) {
    for (int j = from; j < end; j++) {
      row[j] *= factor;
    }
  }

  private static void add(double[] to, int from, int end, double factor, double[] row) {
    for (int j = from; j < end; j++) {
      to[j] += factor * row[j];
    }
  }

  /** Four rows at once, from {@code first}; the factor of each is in the same row of factors. */
  private static void addFour(
      double[] to,
      int from,
      int end,
      int sign,
      double[][] factors,
      int first,
      int column,
      double[][] rows) {
    addFour(
        to,
        from,
        end,
        sign * factors[first][column],
        sign * factors[first + 1][column],
        sign * factors[first + 2][column],
        sign * factors[first + 3][column],
        rows,
        first);
  }

  private static void addFour(
      double[] to,
      int from,
      int end,
      double f0,
      double f1,
      double f2,
      double f3,
      double[][] rows,
      int first) {
    double[] r0 = rows[first];
    double[] r1 = rows[first + 1];
    double[] r2 = rows[first + 2];
    double[] r3 = rows[first + 3];
    for (int j = from; j < end; j++) {
      to[j] += f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
    }
  }
}
