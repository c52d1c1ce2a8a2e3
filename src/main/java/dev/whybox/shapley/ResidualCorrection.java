// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * A surrogate's Shapley values, plus an estimate of those of what it misses: Witter, Liu and Musco,
 * "Regression-adjusted Monte Carlo estimators for Shapley values and probabilistic values" (2025).
 * Every pair's residual is that of a surrogate which has not seen it, so with {@link
 * UnbiasedRegression} the values are unbiased on every game, however wrong the surrogate: given the
 * other pairs, those held back are random ones. The design must be a random one, {@link
 * dev.whybox.design.LeverageCoalitions}; a chosen design has no such correction.
 *
 * <p>Standard errors are those of the estimate of the residual, and a fifth more: residuals of one
 * part have a surrogate in common, and a few are much larger than the rest. The factor was found on
 * games whose values are known; see docs/shapley.md.
 */
public final class ResidualCorrection implements ShapleyEstimator {
  private static final double CALIBRATION = 1.2;

  private final SurrogateFamily family;
  private final ShapleyEstimator rest;

  /**
   * A corrected family.
   *
   * @param family of the surrogate
   * @param rest what the residual's values are estimated with: {@link UnbiasedRegression}, or
   *     {@link PairedRegression#leverage}, which is only consistent
   */
  public ResidualCorrection(SurrogateFamily family, ShapleyEstimator rest) {
    this.family = family;
    this.rest = rest;
  }

  @Override
  public ShapleyValues estimate(ComplementPairs scores) {
    Folds folds = Folds.of(scores);
    if (folds.count() == 0) {
      return family.estimate(scores);
    }
    double[] values = new double[scores.players()];
    double[] residuals = new double[scores.pairs()];
    double error = 0;
    double all = 0;
    for (int fold = 0; fold < folds.count(); fold++) {
      Surrogate surrogate = family.fit(scores.only(folds.seen(fold))).surrogate();
      int[] held = folds.held(fold);
      double part = (double) held.length / folds.pairs();
      residuals[0] += part * (scores.odd()[0] - surrogate.odd(scores.signs()[0]));
      for (int i : held) {
        residuals[i] = scores.odd()[i] - surrogate.odd(scores.signs()[i]);
        error += residuals[i] * residuals[i];
        all += scores.odd()[i] * scores.odd()[i];
      }
      double[] found = surrogate.values();
      for (int k = 0; k < values.length; k++) {
        values[k] += part * found[k];
      }
    }
    ShapleyValues missed = rest.estimate(scores.withOdd(residuals));
    for (int k = 0; k < values.length; k++) {
      values[k] += missed.values()[k];
    }
    scores.balance(values);
    double[][] covariance = missed.covariance();
    // Not known where the rest has too few pairs for it.
    for (double[] row : covariance == null ? new double[0][] : covariance) {
      for (int k = 0; k < row.length; k++) {
        row[k] *= CALIBRATION * CALIBRATION;
      }
    }
    return ShapleyValues.of(values, covariance, all == 0 ? Double.NaN : error / all);
  }
}
