// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * A Gaussian process on the even part of a game, (v(z) + v(z̄)) / 2, given its values at some
 * pairs. Its kernel is the even part of the odd one's, ½(k(z,z') + k(z,z̄')), its mean an unknown
 * constant. Shapley values need none of it; a prediction of scores does.
 */
final class SymmetricProcess {
  private final Conditioning known;

  /**
   * A process; pair 0 has next to no noise, as in {@link AntisymmetricProcess}.
   *
   * @throws ArithmeticException where the covariance of the pairs is not positive definite, or the
   *     even part is constant
   */
  SymmetricProcess(ProductKernel kernel, double noise, double[][] signs, double[] even) {
    double[][] matrix = kernel.dots(signs);
    for (int i = 0; i < signs.length; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = kernel.symmetric(matrix[i][j]);
      }
      matrix[i][i] += AntisymmetricProcess.LEAST_NOISE + (i == 0 ? 0 : noise);
    }
    this.known = new Conditioning(matrix, even, true);
  }

  Conditioning known() {
    return known;
  }
}
