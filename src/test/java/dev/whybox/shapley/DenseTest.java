// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against EJML, at sizes around the four rows that are added at once. */
class DenseTest {
  private static DMatrixRMaj random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < matrix.getNumElements(); i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 9, 17})
  void products(int size) {
    DMatrixRMaj a = random(3, size, 1);
    DMatrixRMaj b = random(size, size + 2, 2);
    DMatrixRMaj expected = new DMatrixRMaj(3, size + 2);
    CommonOps_DDRM.mult(a, b, expected);
    DMatrixRMaj found = Dense.product(a, b);
    for (int i = 0; i < expected.getNumElements(); i++) {
      assertEquals(expected.data[i], found.data[i], 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 17, 40})
  void inverses(int size) {
    DMatrixRMaj root = random(size, size, 3);
    DMatrixRMaj matrix = new DMatrixRMaj(size, size);
    CommonOps_DDRM.multTransB(root, root, matrix);
    for (int i = 0; i < size; i++) {
      matrix.add(i, i, 0.5);
    }
    DMatrixRMaj expected = new DMatrixRMaj(size, size);
    CommonOps_DDRM.invert(matrix, expected);
    DMatrixRMaj found = new DMatrixRMaj(size, size);
    double log = Dense.invert(matrix.copy(), found);
    assertEquals(Math.log(CommonOps_DDRM.det(matrix)), log, 1e-8);
    for (int i = 0; i < expected.getNumElements(); i++) {
      assertEquals(expected.data[i], found.data[i], 1e-9);
    }
  }

  @Test
  void whatIsNotPositiveDefiniteIsRefused() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2}, {2, 1}});
    assertThrows(ArithmeticException.class, () -> Dense.invert(matrix, new DMatrixRMaj(2, 2)));
    matrix.set(1, 1, Double.NaN);
    assertThrows(ArithmeticException.class, () -> Dense.invert(matrix, new DMatrixRMaj(2, 2)));
  }
}
