// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * The regression of {@link PairedRegression#leverage} with the expectation of its matrix in place
 * of the matrix itself: Covert and Lee, "Improving KernelSHAP" (2021), section 3.2. A pair of
 * {@link dev.whybox.design.LeverageCoalitions} with s players present adds (K−1)/s of its odd part
 * to those and takes (K−1)/(K−s) from the others. Unbiased on every game, and of more variance than
 * the regression on one that is nearly linear.
 */
public final class UnbiasedRegression implements ShapleyEstimator {
  /** An estimator. */
  public UnbiasedRegression() {}

  @Override
  public ShapleyValues estimate(ComplementPairs scores) {
    int players = scores.players();
    int pairs = scores.pairs() - 1;
    double[] mean = new double[players];
    double[][] terms = new double[pairs][players];
    for (int i = 0; i < pairs; i++) {
      double[] signs = scores.signs()[i + 1];
      int size = scores.size(i + 1);
      for (int k = 0; k < players; k++) {
        double share = signs[k] > 0 ? 1.0 / size : -1.0 / (players - size);
        terms[i][k] = (players - 1) * share * scores.odd()[i + 1];
        mean[k] += terms[i][k] / pairs;
      }
    }
    double[][] covariance = pairs > 1 ? new double[players][players] : null;
    double divisor = pairs * (pairs - 1.0);
    for (int i = 0; covariance != null && i < pairs; i++) {
      for (int k = 0; k < players; k++) {
        for (int l = 0; l < players; l++) {
          covariance[k][l] += (terms[i][k] - mean[k]) * (terms[i][l] - mean[l]) / divisor;
        }
      }
    }
    // The terms of a pair sum to 0, so the mean of the rest is the full and the empty coalition's.
    scores.balance(mean);
    return ShapleyValues.of(mean, covariance, Double.NaN);
  }
}
