// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * The Shapley values of a fitted process, corrected by what it misses at random pairs that it has
 * not seen: {@link ResidualCorrection} without parts held back, for many pairs that come bit by bit
 * and cost no further fit. The process may be one whose pairs were chosen; those of the correction
 * are of {@link dev.whybox.design.LeverageCoalitions}.
 *
 * <p>{@link UnbiasedRegression} on the residuals gives each value's miss u with a variance c. Few
 * pairs say less of it than the process does, so it is shrunk: before the residuals the miss is
 * N(0, s·v + τ²), v the process's own variance, and s and τ are unknown (empirical and full Bayes
 * as in Efron and Morris 1973, summed over a grid of s and τ). So with few pairs the values are the
 * process's, with many they go to the truth however wrong the process is, and standard errors are
 * those that the misses show, whatever the process believed.
 */
public final class ProcessCorrection {
  /** Fewer pairs say nothing: their own variance is not known. */
  public static final int FEWEST = 64;

  /** The grid of log s, and its prior deviation. */
  private static final double SCALE_STEP = 0.5;

  private static final int SCALES = 17;
  private static final double SCALE_SPREAD = 2;

  /** The grid of τ², in units of the mean c, after 0. */
  private static final int FLOORS = 9;

  private static final double SMALLEST_FLOOR = -5;

  private final AntisymmetricProcess process;
  private final ShapleyValues base;
  private final double[] sums;
  private final double[][] squares;
  private int pairs;

  /**
   * A correction without pairs.
   *
   * @param process after a fit or an estimate; a copy is kept as it is now
   * @param known the scores that the process is to know
   */
  public ProcessCorrection(GaussianProcess process, ComplementPairs known) {
    GaussianProcess copy = process.copy();
    this.base = copy.quickEstimate(known);
    this.process = copy.process();
    this.sums = new double[known.players()];
    this.squares = new double[sums.length][sums.length];
  }

  /**
   * Adds pairs that the process has not seen.
   *
   * @param fresh pairs of random coalitions with a uniform size
   */
  public void add(ComplementPairs fresh) {
    int players = sums.length;
    double[] term = new double[players];
    for (int i = 1; i < fresh.pairs(); i++) {
      double[] signs = fresh.signs()[i];
      int size = fresh.size(i);
      double miss = fresh.odd()[i] - (process == null ? 0 : process.mean(signs));
      for (int k = 0; k < players; k++) {
        term[k] = (players - 1) * miss * (signs[k] > 0 ? 1.0 / size : -1.0 / (players - size));
        sums[k] += term[k];
      }
      for (int k = 0; k < players; k++) {
        for (int l = 0; l < players; l++) {
          squares[k][l] += term[k] * term[l];
        }
      }
      pairs++;
    }
  }

  /**
   * How many pairs were added.
   *
   * @return at least 0
   */
  public int pairs() {
    return pairs;
  }

  /**
   * The corrected values.
   *
   * @return one per player; they sum to s(full) − s(empty). The process's own where there are fewer
   *     than {@value #FEWEST} pairs
   */
  public ShapleyValues estimate() {
    if (pairs < FEWEST) {
      return base;
    }
    int players = sums.length;
    double[] missed = new double[players];
    double[][] noise = new double[players][players];
    double mean = 0;
    for (int k = 0; k < players; k++) {
      missed[k] = sums[k] / pairs;
      for (int l = 0; l < players; l++) {
        double product = sums[k] * sums[l] / pairs;
        noise[k][l] = (squares[k][l] - product) / (pairs * (pairs - 1.0));
      }
      noise[k][k] = Math.max(0, noise[k][k]);
      mean += noise[k][k] / players;
    }
    return mean == 0 ? base : shrunk(missed, noise, mean);
  }

  private ShapleyValues shrunk(double[] missed, double[][] noise, double mean) {
    int players = missed.length;
    double[][] weights = weights(missed, noise, mean);
    double[] values = base.values().clone();
    double[] trust = new double[players];
    double[] variances = new double[players];
    double sum = 0;
    double gap = 0;
    for (int k = 0; k < players; k++) {
      double c = noise[k][k];
      double square = 0;
      for (int s = 0; s < SCALES; s++) {
        for (int t = 0; t < FLOORS; t++) {
          double prior = prior(k, s, t, mean);
          double part = prior + c == 0 ? 0 : prior / (prior + c);
          trust[k] += weights[s][t] * part;
          square += weights[s][t] * (part * c + Math.pow(part * missed[k], 2));
        }
      }
      double step = trust[k] * missed[k];
      variances[k] = Math.max(0, square - step * step);
      values[k] += step;
      gap -= step;
      sum += variances[k];
    }
    // Misses sum to 0, as all values' sum is known.
    for (int k = 0; k < players && sum > 0; k++) {
      values[k] += gap * variances[k] / sum;
    }
    return ShapleyValues.of(values, covariance(trust, variances, noise), base.looError());
  }

  private double prior(int player, int scale, int floor, double mean) {
    return Math.exp(log(scale)) * base.covariance()[player][player]
        + (floor == 0 ? 0 : mean * Math.exp(SMALLEST_FLOOR + floor - 1));
  }

  private static double log(int scale) {
    return SCALE_STEP * (scale - SCALES / 2);
  }

  /** The posterior of s and τ. */
  private double[][] weights(double[] missed, double[][] noise, double mean) {
    double[][] weights = new double[SCALES][FLOORS];
    double most = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < SCALES; s++) {
      for (int t = 0; t < FLOORS; t++) {
        double likelihood = -Math.pow(log(s) / SCALE_SPREAD, 2) / 2;
        for (int k = 0; k < missed.length; k++) {
          double variance = prior(k, s, t, mean) + noise[k][k];
          if (variance > 0) {
            likelihood -= (Math.log(variance) + missed[k] * missed[k] / variance) / 2;
          }
        }
        weights[s][t] = likelihood;
        most = Math.max(most, likelihood);
      }
    }
    double sum = 0;
    for (double[] row : weights) {
      for (int t = 0; t < FLOORS; t++) {
        row[t] = Math.exp(row[t] - most);
        sum += row[t];
      }
    }
    for (double[] row : weights) {
      for (int t = 0; t < FLOORS; t++) {
        row[t] /= sum;
      }
    }
    return weights;
  }

  /** The variances, with correlations of what the process and the residuals each leave open. */
  private double[][] covariance(double[] trust, double[] variances, double[][] noise) {
    int players = trust.length;
    double[][] open = new double[players][players];
    for (int k = 0; k < players; k++) {
      for (int l = 0; l < players; l++) {
        open[k][l] =
            trust[k] * trust[l] * noise[k][l]
                + (1 - trust[k]) * (1 - trust[l]) * base.covariance()[k][l];
      }
    }
    double[][] result = new double[players][players];
    for (int k = 0; k < players; k++) {
      for (int l = 0; l < players; l++) {
        double scale = open[k][k] * open[l][l];
        double root = Math.sqrt(variances[k] * variances[l]);
        result[k][l] = k == l ? variances[k] : scale > 0 ? open[k][l] / Math.sqrt(scale) * root : 0;
      }
    }
    return result;
  }
}
