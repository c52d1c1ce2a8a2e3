// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.stream.IntStream;

/**
 * A regression tree on coalitions, grown greedily on the odd part of a game: every pair is two
 * rows, z with y and z̄ with −y. The leaves shrink their means, as in Chen and Guestrin, "XGBoost"
 * (2016), eqs. 5 to 7.
 */
final class CoalitionTree {
  /** Rows without a say, added to every leaf. */
  private static final double SHRINKAGE = 1;

  private static final int LEAST_ROWS = 2;

  private final int players;

  /** The player a node asks for; −1 in a leaf. */
  private final int[] player;

  private final double[] worth;

  /** A heap: the children of node n are 2n+1, without the player, and 2n+2, with it. */
  private CoalitionTree(int players, int depth) {
    this.players = players;
    this.player = new int[(2 << depth) - 1];
    this.worth = new double[player.length];
  }

  /** A tree with at most so many players on a way to a leaf. Of equal splits the first is taken. */
  static CoalitionTree grow(double[][] signs, double[] odd, int depth) {
    CoalitionTree tree = new CoalitionTree(signs[0].length, depth);
    tree.grow(0, depth, IntStream.range(0, 2 * signs.length).toArray(), signs, odd);
    return tree;
  }

  /** Row 2i is pair i's first coalition, 2i+1 its complement. */
  private void grow(int node, int depth, int[] rows, double[][] signs, double[] odd) {
    double sum = 0;
    double[] sums = new double[players];
    int[] counts = new int[players];
    for (int row : rows) {
      double side = (row & 1) == 0 ? 1 : -1;
      double value = side * odd[row >> 1];
      sum += value;
      double[] signed = signs[row >> 1];
      for (int k = 0; depth > 0 && k < players; k++) {
        if (signed[k] == side) {
          sums[k] += value;
          counts[k]++;
        }
      }
    }
    double most = square(sum, rows.length) + 1e-12;
    int best = -1;
    for (int k = 0; depth > 0 && k < players; k++) {
      int others = rows.length - counts[k];
      double gain = square(sums[k], counts[k]) + square(sum - sums[k], others);
      if (Math.min(counts[k], others) >= LEAST_ROWS && gain > most * (1 + 1e-12)) {
        best = k;
        most = gain;
      }
    }
    player[node] = best;
    worth[node] = sum / (rows.length + SHRINKAGE);
    if (best >= 0) {
      for (int child = 0; child < 2; child++) {
        int[] part = new int[child == 1 ? counts[best] : rows.length - counts[best]];
        int size = 0;
        for (int row : rows) {
          boolean there = signs[row >> 1][best] > 0 ^ (row & 1) != 0;
          if (there == (child == 1)) {
            part[size++] = row;
          }
        }
        grow(2 * node + 1 + child, depth - 1, part, signs, odd);
      }
    }
  }

  private static double square(double sum, int count) {
    return sum * sum / (count + SHRINKAGE);
  }

  /** (t(z) − t(z̄)) / 2. */
  double odd(double[] signs) {
    return (at(signs, 1) - at(signs, -1)) / 2;
  }

  private double at(double[] signs, double side) {
    int node = 0;
    while (player[node] >= 0) {
      node = 2 * node + (signs[player[node]] == side ? 2 : 1);
    }
    return worth[node];
  }

  /** Adds the tree's Shapley values, each leaf's in closed form, times a factor. */
  void addValues(double factor, double[] values) {
    int depth = Integer.numberOfTrailingZeros(player.length + 1);
    addValues(0, new int[depth], new boolean[depth], 0, factor, values);
  }

  private void addValues(
      int node, int[] path, boolean[] present, int length, double factor, double[] values) {
    if (player[node] < 0) {
      Conjunction.add(path, present, length, factor * worth[node], values);
      return;
    }
    path[length] = player[node];
    for (int child = 0; child < 2; child++) {
      present[length] = child == 1;
      addValues(2 * node + 1 + child, path, present, length + 1, factor, values);
    }
  }
}
