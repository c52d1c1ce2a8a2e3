// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * Estimated Shapley values.
 *
 * @param values one per player; they sum to s(full) − s(empty)
 * @param standardErrors their standard errors; NaN where the estimator can't tell
 * @param covariance of the errors of the values, K × K, its diagonal the squares of {@code
 *     standardErrors}; null where the estimator can't tell
 * @param looError the mean square of the surrogate's leave-one-out errors on the odd part of the
 *     game, over the mean square of the odd part; NaN where there is none
 */
public record ShapleyValues(
    double[] values, double[] standardErrors, double[][] covariance, double looError) {

  /** Values whose standard errors are the roots of the covariance's diagonal. */
  static ShapleyValues of(double[] values, double[][] covariance, double looError) {
    double[] errors = new double[values.length];
    for (int k = 0; k < errors.length; k++) {
      errors[k] = covariance == null ? Double.NaN : Math.sqrt(covariance[k][k]);
    }
    return new ShapleyValues(values, errors, covariance, looError);
  }
}
