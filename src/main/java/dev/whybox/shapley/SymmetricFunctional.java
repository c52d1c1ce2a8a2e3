// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * One number per player, linear in a game's scores, by a rule that is the same for all players:
 * Shapley values are such, and so are the coefficients of a linear fit whose weights depend on the
 * size of a coalition alone.
 *
 * <p>With x_k = ±1 for a player that is present or absent every game is a sum of parities χ_S(z) =
 * Π_{k∈S} x_k, and of a parity of |S| = r such a rule makes one number for the players in S and one
 * for the others. The product kernel is Σ_S λ_S χ_S χ_S, λ_S the probability of S where player k
 * belongs to it with (1−e^(−ℓ_k))/2; so what the rule makes of the kernel is a sum over r, by the
 * recursion for a sum of independent draws. Odd r are the kernel's odd part.
 *
 * @param inside of a parity of r players, for r from 0 to K: the number of each player in S
 * @param outside that of each other player
 */
public record SymmetricFunctional(double[] inside, double[] outside) {

  /**
   * The coefficients of a ridge regression of the scores on the players, with an intercept that is
   * not penalised, on coalitions that have each player with even odds and, beside them, the full
   * one: what is found on average, the sums over samples being their expected values.
   *
   * @param players K, at least 1
   * @param weight a coalition's weight by its size
   * @param ridge the penalty, at least 0
   * @param samples how many coalitions there are beside the full one, whose sums stand against the
   *     penalty; at least 1
   * @return the coefficients
   */
  public static SymmetricFunctional ridge(
      int players, IntToDoubleFunction weight, double ridge, double samples) {
    double[] moments = moments(players, weight);
    for (int r = 0; r <= players; r++) {
      moments[r] += weight.applyAsDouble(players) / samples;
    }
    double total = moments[0];
    double one = (moments[0] + moments[1]) / 2;
    double two = players == 1 ? 0 : (moments[0] + 2 * moments[1] + moments[2]) / 4;
    double mean = one / total;
    // The centred matrix of products is p on the diagonal and q more everywhere, ridge included.
    double penalty = Math.max(ridge / samples, 1e-9 * total);
    double q = players == 1 ? 0 : two - mean * one;
    double p = one - mean * one - q + penalty;
    double common = q / (p + players * q);
    double[] inside = new double[players + 1];
    double[] outside = new double[players + 1];
    for (int r = 0; r <= players; r++) {
      double here = r == 0 ? 0 : (moments[r] + moments[r - 1]) / 2 - mean * moments[r];
      double there = r == players ? 0 : (moments[r] + moments[r + 1]) / 2 - mean * moments[r];
      double sum = r * here + (players - r) * there;
      inside[r] = (here - common * sum) / p;
      outside[r] = (there - common * sum) / p;
    }
    return new SymmetricFunctional(inside, outside);
  }

  /**
   * E[w(|z|) χ_S(z)] for |S| = r, z uniform, by the recurrence of Krawtchouk's polynomials in r.
   */
  static double[] moments(int players, IntToDoubleFunction weight) {
    double[] moments = new double[players + 1];
    double logOdds = -players * Math.log(2);
    for (int size = 0; size <= players; size++) {
      double part = Math.exp(logOdds) * weight.applyAsDouble(size);
      double before = 0;
      double parity = 1;
      for (int r = 0; r <= players; r++) {
        moments[r] += part * parity;
        double next =
            r == players ? 0 : ((2.0 * size - players) * parity - r * before) / (players - r);
        before = parity;
        parity = next;
      }
      logOdds += Math.log(players - size) - Math.log(size + 1);
    }
    return moments;
  }

  /**
   * The numbers of a game of which every score is known.
   *
   * @param game the score of each coalition, by the bits of its players; 2^K of them
   * @return one number per player
   */
  public double[] of(double[] game) {
    int players = inside.length - 1;
    double[] parts = game.clone();
    // Walsh and Hadamard's transform: the part of each parity. A bit that is set is a sign of 1.
    for (int step = 1; step < parts.length; step *= 2) {
      for (int i = 0; i < parts.length; i++) {
        if ((i & step) == 0) {
          double absent = parts[i];
          double present = parts[i + step];
          parts[i] = (present + absent) / 2;
          parts[i + step] = (present - absent) / 2;
        }
      }
    }
    double[] values = new double[players];
    for (int set = 0; set < parts.length; set++) {
      int r = Integer.bitCount(set);
      for (int k = 0; k < players; k++) {
        values[k] += parts[set] * ((set >> k & 1) != 0 ? inside[r] : outside[r]);
      }
    }
    return values;
  }

  /** The numbers of the kernel's odd part at a coalition, then of its even part. */
  double[][] of(ProductKernel kernel, double[] signs) {
    double[][] values = new double[2][kernel.players()];
    split(
        kernel,
        signs,
        (player, r, in, out) -> values[1 - r % 2][player] += inside[r] * in + outside[r] * out);
    return values;
  }

  /** The prior variances of the numbers of a process with the kernel's odd part; then even part. */
  double[][] variances(ProductKernel kernel) {
    double[][] variances = new double[2][kernel.players()];
    double[] full = new double[kernel.players()];
    Arrays.fill(full, 1);
    split(
        kernel,
        full,
        (player, r, in, out) ->
            variances[1 - r % 2][player] +=
                inside[r] * inside[r] * in + outside[r] * outside[r] * out);
    return variances;
  }

  /** Σ λ_S χ_S over the S of r players that hold a player, and over those that do not. */
  private static void split(ProductKernel kernel, double[] signs, Visitor visitor) {
    int players = kernel.players();
    double[] all = new double[players + 1];
    all[0] = 1;
    for (int k = 0; k < players; k++) {
      double without = (1 + kernel.decay(k)) / 2;
      double with = signs[k] * (1 - without);
      for (int r = k + 1; r > 0; r--) {
        all[r] = without * all[r] + with * all[r - 1];
      }
      all[0] *= without;
    }
    for (int j = 0; j < players; j++) {
      double without = (1 + kernel.decay(j)) / 2;
      double with = signs[j] * (1 - without);
      // What the others make is found by division; without ≥ |with|, so errors do not grow.
      double others = 0;
      for (int r = 0; r <= players; r++) {
        double in = with * others;
        double out = r == players ? 0 : all[r] - in;
        visitor.visit(j, r, in, out);
        others = out / without;
      }
    }
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(int player, int r, double in, double out);
  }
}
