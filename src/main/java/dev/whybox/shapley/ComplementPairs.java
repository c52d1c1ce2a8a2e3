// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.error.WhyboxException.NonFiniteOutput;

/**
 * What is known of a game: scores of coalitions and of their complements. Shapley values depend on
 * the odd part of a game alone, {@code (v(z) − v(z̄)) / 2}, because a game and its dual have the
 * same values: so a pair is one observation.
 *
 * <p>Pair 0 is the full coalition and the empty one.
 */
public final class ComplementPairs {
  private final int players;
  private final double[][] signs;
  private final double[] odd;

  /** Null where the scores are not known, but the odd part alone. */
  private final double[] even;

  private final double full;
  private final double empty;

  /**
   * Scores of pairs.
   *
   * @param players K, at least 1
   * @param coalitions the first of each pair, {@code ceil(K/64)} words of bits each
   * @param first the score of each of them
   * @param second the score of its complement
   * @param full the score of the full coalition
   * @param empty the score of the empty coalition
   * @throws NonFiniteOutput where a score is NaN or infinite
   */
  public ComplementPairs(
      int players,
      long[][] coalitions,
      double[] first,
      double[] second,
      double full,
      double empty) {
    this.players = players;
    this.full = finite(full, "the full image");
    this.empty = finite(empty, "the baseline");
    this.signs = new double[coalitions.length + 1][players];
    this.odd = new double[coalitions.length + 1];
    this.even = new double[coalitions.length + 1];
    for (int i = 0; i < signs.length; i++) {
      for (int k = 0; k < players; k++) {
        boolean present = i == 0 || (coalitions[i - 1][k >> 6] >>> k & 1) != 0;
        signs[i][k] = present ? 1 : -1;
      }
      double there = i == 0 ? full : finite(first[i - 1], "sample " + (2 * i - 2));
      double opposite = i == 0 ? empty : finite(second[i - 1], "sample " + (2 * i - 1));
      odd[i] = (there - opposite) / 2;
      even[i] = (there + opposite) / 2;
    }
  }

  private ComplementPairs(int players, double[][] signs, double[] odd) {
    this.players = players;
    this.signs = signs;
    this.odd = odd;
    this.even = null;
    this.full = 2 * odd[0];
    this.empty = 0;
  }

  private static double finite(double score, String where) {
    if (!Double.isFinite(score)) {
      throw new NonFiniteOutput(
          "The score of "
              + where
              + " is "
              + score
              + ", but must be a finite number. Check the model: it answers with NaN or infinity.");
    }
    return score;
  }

  /**
   * How many players there are.
   *
   * @return K
   */
  public int players() {
    return players;
  }

  /**
   * How many pairs there are, that of the full and the empty coalition included.
   *
   * @return at least 1
   */
  public int pairs() {
    return odd.length;
  }

  /**
   * What the values sum to.
   *
   * @return s(full) − s(empty)
   */
  public double gain() {
    return full - empty;
  }

  /** Who is present in pair i's first coalition: 1, else −1. Not copied. */
  double[][] signs() {
    return signs;
  }

  /** The odd part of the game at each pair. Not copied. */
  double[] odd() {
    return odd;
  }

  /** The even part of the game at each pair; null of a game that is known by its odd part alone. */
  double[] even() {
    return even;
  }

  /** How many players are present in pair i's first coalition. */
  int size(int pair) {
    int size = 0;
    for (double sign : signs[pair]) {
      size += sign > 0 ? 1 : 0;
    }
    return size;
  }

  /**
   * How much a pair but pair 0 tells of the values: (K−1) / (s(K−s)), the Shapley kernel over the
   * odds of being drawn with a uniform size s.
   */
  double weight(int pair) {
    int size = size(pair);
    return (players - 1.0) / (size * (players - size));
  }

  /** The same game with fewer pairs: pair 0 and those named. */
  ComplementPairs only(int[] pairs) {
    double[][] kept = new double[pairs.length + 1][];
    double[] values = new double[kept.length];
    for (int i = 0; i < kept.length; i++) {
      int pair = i == 0 ? 0 : pairs[i - 1];
      kept[i] = signs[pair];
      values[i] = odd[pair];
    }
    return new ComplementPairs(players, kept, values);
  }

  /**
   * The same scores as a game of groups, each of which was always present or absent as a whole.
   *
   * @param members of each group one of its players, at least one group
   * @return a game whose players are the groups
   */
  public ComplementPairs grouped(int[] members) {
    double[][] groups = new double[signs.length][members.length];
    for (int i = 0; i < groups.length; i++) {
      for (int g = 0; g < members.length; g++) {
        groups[i][g] = signs[i][members[g]];
      }
    }
    return new ComplementPairs(members.length, groups, odd);
  }

  /** Another game on the same pairs. */
  ComplementPairs withOdd(double[] values) {
    return new ComplementPairs(players, signs, values);
  }

  /** Adds to all values alike, so that they sum to the gain. */
  void balance(double[] values) {
    double gap = gain();
    for (double value : values) {
      gap -= value;
    }
    for (int k = 0; k < values.length; k++) {
      values[k] += gap / values.length;
    }
  }
}
