// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * The mean of what players add when they join in a random order and in its reverse; for pairs of
 * {@link dev.whybox.design.PermutationCoalitions}. What a player adds in both together is twice the
 * difference of odd parts. Orders that were not played to the end are left out, unless there is no
 * other: then the players that did not join share the rest evenly.
 */
public final class AntitheticPermutations implements ShapleyEstimator {
  /** An estimator. */
  public AntitheticPermutations() {}

  @Override
  public ShapleyValues estimate(ComplementPairs scores) {
    int players = scores.players();
    int pairs = scores.pairs() - 1;
    int orders = players == 1 ? 0 : pairs / (players - 1);
    double[][] added = new double[Math.max(1, orders)][players];
    for (int order = 0; order < added.length; order++) {
      int first = order * (players - 1);
      int steps = Math.min(players - 1, pairs - first);
      double before = -scores.odd()[0];
      boolean[] joined = new boolean[players];
      for (int step = 0; step < steps; step++) {
        double[] signs = scores.signs()[first + step + 1];
        double after = scores.odd()[first + step + 1];
        for (int k = 0; k < players; k++) {
          if (signs[k] > 0 && !joined[k]) {
            joined[k] = true;
            added[order][k] = after - before;
          }
        }
        before = after;
      }
      double share = (scores.odd()[0] - before) / (players - steps);
      for (int k = 0; k < players; k++) {
        if (!joined[k]) {
          added[order][k] = share;
        }
      }
    }
    double[] values = new double[players];
    for (double[] order : added) {
      for (int k = 0; k < players; k++) {
        values[k] += order[k] / added.length;
      }
    }
    double[][] covariance = orders > 1 ? covariance(added, values) : null;
    double[] errors = new double[players];
    for (int k = 0; k < players; k++) {
      errors[k] = covariance == null ? Double.NaN : Math.sqrt(covariance[k][k]);
    }
    scores.balance(values);
    return new ShapleyValues(values, errors, covariance, Double.NaN);
  }

  /** Of the mean of independent orders. */
  private static double[][] covariance(double[][] orders, double[] mean) {
    int players = mean.length;
    double[][] result = new double[players][players];
    double divisor = orders.length * (orders.length - 1.0);
    for (double[] order : orders) {
      for (int j = 0; j < players; j++) {
        for (int l = 0; l < players; l++) {
          result[j][l] += (order[j] - mean[j]) * (order[l] - mean[l]) / divisor;
        }
      }
    }
    return result;
  }
}
