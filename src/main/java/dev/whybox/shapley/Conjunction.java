// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * A game that is worth something to coalitions that have all of some players and none of some
 * others: a leaf of a tree. Its multilinear extension is q^p (1−q)^a with p players required and a
 * barred, so by Owen (1972) a required player gets ∫ q^(p−1) (1−q)^a dq = (p−1)! a! / (p+a)! of the
 * worth, and a barred one loses p! (a−1)! / (p+a)! of it.
 */
final class Conjunction {
  private Conjunction() {}

  /**
   * Adds a conjunction's Shapley values.
   *
   * @param path the players it depends on, each once
   * @param present whether each is required, else it is barred
   * @param length how many players of the path count
   */
  static void add(int[] path, boolean[] present, int length, double worth, double[] values) {
    int required = 0;
    for (int i = 0; i < length; i++) {
      required += present[i] ? 1 : 0;
    }
    int barred = length - required;
    // C(p+a, a)
    double binomial = 1;
    for (int i = 1; i <= barred; i++) {
      binomial = binomial * (required + i) / i;
    }
    for (int i = 0; i < length; i++) {
      values[path[i]] += present[i] ? worth / (required * binomial) : -worth / (barred * binomial);
    }
  }
}
