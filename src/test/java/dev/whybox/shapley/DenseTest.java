// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against EJML, at sizes around the two sums and the four rows that are added at once. */
class DenseTest {
  private static double[][] random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return matrix;
  }

  /** A·B by EJML. */
  private static double[][] product(double[][] a, double[][] b) {
    DMatrixRMaj result = new DMatrixRMaj(a.length, b[0].length);
    CommonOps_DDRM.mult(new DMatrixRMaj(a), new DMatrixRMaj(b), result);
    return result.get2DData();
  }

  /** What is right of the diagonal must not be read. */
  private static double[][] triangle(double[][] matrix) {
    double[][] result = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      result[i] = Arrays.copyOf(matrix[i], i + 1);
    }
    return result;
  }

  private static void assertRows(double[][] expected, double[][] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], Arrays.copyOf(found[i], expected[i].length), 1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,3,5", "2,4,1", "3,5,7", "4,9,8", "5,17,19", "1,8,3", "6,2,4"})
  void products(int rows, int inner, int columns) {
    double[][] a = random(rows, inner, 1);
    double[][] b = random(inner, columns, 2);
    assertRows(product(a, b), Dense.product(a, b));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 17, 40})
  void lowerTriangles(int size) {
    double[][] a = random(size, 6, 3);
    double[][] b = Dense.transposed(a);
    assertRows(triangle(product(a, b)), Dense.lower(a, b));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 9, 17, 40})
  void trianglesTimesMatrices(int size) {
    double[][] a = random(size, size, 4);
    double[][] b = random(size, 7, 5);
    double[][] zeros = new double[size][size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(a[i], 0, zeros[i], 0, i + 1);
    }
    assertRows(product(zeros, b), Dense.triangle(triangle(a), b));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 40, 43})
  void inverses(int size) {
    double[][] root = random(size, size, 3);
    double[][] matrix = product(root, Dense.transposed(root));
    for (int i = 0; i < size; i++) {
      matrix[i][i] += 0.5;
    }
    DMatrixRMaj expected = new DMatrixRMaj(size, size);
    CommonOps_DDRM.invert(new DMatrixRMaj(matrix), expected);
    double[][] found = new double[size][size];
    double log = Dense.invert(triangle(matrix), found);
    assertEquals(Math.log(CommonOps_DDRM.det(new DMatrixRMaj(matrix))), log, 1e-8);
    for (int i = 0; i < size; i++) {
      assertArrayEquals(expected.get2DData()[i], found[i], 1e-9);
    }
  }

  @Test
  void whatIsNotPositiveDefiniteIsRefused() {
    double[][] matrix = {{1, 2}, {2, 1}};
    assertThrows(ArithmeticException.class, () -> Dense.invert(matrix, new double[2][2]));
    matrix[1][1] = Double.NaN;
    assertThrows(ArithmeticException.class, () -> Dense.invert(matrix, new double[2][2]));
  }
}
