// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain.shapley;

import java.util.Arrays;

/**
 * The mean of what players add when they join in a random order and in its reverse; for pairs of
 * {@link dev.whybox.perturb.PermutationCoalitions}. What a player adds in both together is twice
 * the difference of odd parts. Orders that were not played to the end are left out, unless there is
 * no other: then the players that did not join share the rest evenly.
 */
public final class AntitheticPermutations implements ShapleyEstimator {
  /** An estimator. */
  public AntitheticPermutations() {}

  @Override
  public ShapleyValues estimate(PairedScores scores) {
    int players = scores.players();
    int pairs = scores.pairs() - 1;
    int orders = players == 1 ? 0 : pairs / (players - 1);
    double[] sums = new double[players];
    double[] squares = new double[players];
    for (int order = 0; order < Math.max(1, orders); order++) {
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
            add(sums, squares, k, after - before);
          }
        }
        before = after;
      }
      double share = (scores.odd()[0] - before) / (players - steps);
      for (int k = 0; k < players; k++) {
        if (!joined[k]) {
          add(sums, squares, k, share);
        }
      }
    }
    int count = Math.max(1, orders);
    double[] errors = new double[players];
    Arrays.fill(errors, Double.NaN);
    for (int k = 0; k < players; k++) {
      sums[k] /= count;
      if (orders > 1) {
        double variance = Math.max(0, squares[k] / count - sums[k] * sums[k]);
        errors[k] = Math.sqrt(variance / (count - 1));
      }
    }
    scores.balance(sums);
    return new ShapleyValues(sums, errors, Double.NaN);
  }

  private static void add(double[] sums, double[] squares, int player, double value) {
    sums[player] += value;
    squares[player] += value * value;
  }
}
