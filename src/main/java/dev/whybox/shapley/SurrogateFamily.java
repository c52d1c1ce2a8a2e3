// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * Fits surrogates of one kind. A fit is a function of the scores alone, not of earlier fits. The
 * Shapley values of the surrogate are the estimate; {@link ResidualCorrection} makes them right
 * whatever the surrogate, {@link Mixture} weighs several families.
 */
public interface SurrogateFamily extends ShapleyEstimator {

  /**
   * Fits a surrogate.
   *
   * @param scores what is known of the game
   * @return the surrogate and how good it is
   */
  Fit fit(ComplementPairs scores);

  @Override
  default ShapleyValues estimate(ComplementPairs scores) {
    Fit fit = fit(scores);
    double[] values = fit.surrogate().values();
    scores.balance(values);
    return ShapleyValues.of(values, fit.covariance(), looError(fit.leftOut(), scores));
  }

  /** The mean square of errors on pairs left out, over the mean square; NaN where all are 0. */
  private static double looError(double[] leftOut, ComplementPairs scores) {
    double error = 0;
    double all = 0;
    for (int i = 0; i < leftOut.length; i++) {
      double odd = scores.odd()[i + 1];
      error += Math.pow(odd - leftOut[i], 2);
      all += odd * odd;
    }
    return all == 0 ? Double.NaN : error / all;
  }

  /**
   * A fit.
   *
   * @param surrogate fitted to all pairs
   * @param leftOut for every pair but that of the full and the empty coalition, what a surrogate
   *     that had not seen it makes of its odd part
   * @param covariance of the errors of the surrogate's values, K × K; null where it can't be told
   */
  record Fit(Surrogate surrogate, double[] leftOut, double[][] covariance) {}
}
