// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain.shapley;

import java.util.Arrays;

/**
 * Shapley values of a Gaussian process that is fitted to the scores. Every player has an inverse
 * length of its own, log ℓ_k = g + b·t_k + δ_k with δ_k ~ N(0, τ²): players that do not matter drop
 * out. t is what is known beforehand of where the players matter, or nothing. The fit is the most
 * probable one; τ is the value out of a few with the least leave-one-out error, so one common
 * length is found where all players matter.
 *
 * <p>Standard errors are the posterior's, widened where leave-one-out errors are larger than the
 * process expects. Keeps its last fit and starts the next one from it. For one thread at a time.
 */
public final class GaussianProcess implements ShapleyEstimator {
  private static final double[] SPREADS = {0.3, 1};
  private static final int FIRST_STEPS = 40;
  private static final int LATER_STEPS = 12;

  /** Priors of g, b and log noise: mean and standard deviation. */
  private static final double TOTAL_LENGTH = 3;

  private static final double COMMON_SPREAD = 1.5;
  private static final double SLOPE_SPREAD = 1;
  private static final double NOISE = Math.log(1e-3);
  private static final double NOISE_SPREAD = 2;

  private final double[] hint;
  private final double[][] starts = new double[SPREADS.length][];
  private OddProcess process;

  /** A process that knows nothing of its players. */
  public GaussianProcess() {
    this(null);
  }

  /**
   * A process with a guess of where the players matter.
   *
   * @param hint one number a player, the more the likelier it matters, standardised (mean 0,
   *     deviation 1); or null. How far it is trusted is fitted
   */
  public GaussianProcess(double[] hint) {
    this.hint = hint == null ? null : hint.clone();
  }

  @Override
  public ShapleyValues estimate(PairedScores scores) {
    int players = scores.players();
    if (players == 1 || Arrays.stream(scores.odd()).allMatch(y -> Math.abs(y) < 1e-12)) {
      double[] values = new double[players];
      scores.balance(values);
      return new ShapleyValues(values, new double[players], 0);
    }
    process = fit(scores);
    double[] values = process.values();
    double[][] covariance = process.covariance();
    double widening = widening(process);
    double[] errors = new double[players];
    for (int k = 0; k < players; k++) {
      errors[k] = widening * Math.sqrt(Math.max(0, covariance[k][k]));
    }
    scores.balance(values);
    return new ShapleyValues(values, errors, looError(process, scores));
  }

  /** The process of the last estimate; null before, or where there was nothing to fit. */
  OddProcess process() {
    return process;
  }

  private OddProcess fit(PairedScores scores) {
    OddProcess best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < SPREADS.length; i++) {
      Posterior posterior = new Posterior(scores, hint, SPREADS[i]);
      boolean first = starts[i] == null;
      double[] start = first ? posterior.start() : starts[i];
      starts[i] = LimitedMemory.minimise(posterior, start, first ? FIRST_STEPS : LATER_STEPS);
      OddProcess fitted = posterior.process(starts[i]);
      // With few pairs the errors left out say little; then the first, simpler one is taken.
      double loss = looError(fitted, scores);
      if (best == null || loss < least) {
        best = fitted;
        least = loss;
      }
    }
    return best;
  }

  private static double looError(OddProcess process, PairedScores scores) {
    double error = 0;
    double all = 0;
    double[][] left = process.leaveOneOut();
    for (int i = 0; i < left.length; i++) {
      error += left[i][0] * left[i][0];
      all += scores.odd()[i + 1] * scores.odd()[i + 1];
    }
    return all == 0 ? Double.NaN : error / all;
  }

  private static double widening(OddProcess process) {
    double sum = 0;
    double[][] left = process.leaveOneOut();
    for (double[] error : left) {
      sum += Math.pow(error[0] / error[1], 2);
    }
    return left.length == 0 ? 1 : Math.sqrt(Math.max(1, sum / left.length));
  }

  /** −log of the posterior of (g, log noise, b where there is a hint, δ). */
  static final class Posterior implements LimitedMemory.Loss {
    private final PairedScores scores;
    private final double[] hint;
    private final double spread;
    private final int head;
    private final double common;

    Posterior(PairedScores scores, double[] hint, double spread) {
      this.scores = scores;
      this.hint = hint;
      this.spread = spread;
      this.head = hint == null ? 2 : 3;
      this.common = Math.log(TOTAL_LENGTH / scores.players());
    }

    double[] start() {
      double[] start = new double[head + scores.players()];
      start[0] = common;
      start[1] = NOISE;
      if (hint != null) {
        start[2] = 1;
      }
      return start;
    }

    private double[] lengths(double[] at) {
      double[] lengths = new double[scores.players()];
      for (int k = 0; k < lengths.length; k++) {
        double log = at[0] + at[head + k] + (hint == null ? 0 : at[2] * hint[k]);
        lengths[k] = Math.exp(Math.max(-15, Math.min(3, log)));
      }
      return lengths;
    }

    OddProcess process(double[] at) {
      double noise = Math.exp(Math.max(-20, Math.min(2, at[1])));
      return new OddProcess(new ProductKernel(lengths(at)), noise, scores.signs(), scores.odd());
    }

    @Override
    public double value(double[] at, double[] gradient) {
      OddProcess fitted;
      try {
        fitted = process(at);
      } catch (ArithmeticException e) {
        return Double.POSITIVE_INFINITY;
      }
      double[] inner = fitted.lossGradient();
      double[] lengths = lengths(at);
      Arrays.fill(gradient, 0);
      double loss = fitted.loss();
      loss += prior(at, gradient, 0, common, COMMON_SPREAD);
      loss += prior(at, gradient, 1, NOISE, NOISE_SPREAD);
      if (hint != null) {
        loss += prior(at, gradient, 2, 1, SLOPE_SPREAD);
      }
      gradient[1] += inner[lengths.length] * Math.exp(at[1]);
      for (int k = 0; k < lengths.length; k++) {
        double slope = inner[k] * lengths[k];
        loss += prior(at, gradient, head + k, 0, spread);
        gradient[head + k] += slope;
        gradient[0] += slope;
        if (hint != null) {
          gradient[2] += slope * hint[k];
        }
      }
      return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
    }

    private static double prior(
        double[] at, double[] gradient, int i, double mean, double deviation) {
      double standard = (at[i] - mean) / deviation;
      gradient[i] += standard / deviation;
      return standard * standard / 2;
    }
  }
}
