// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/**
 * Shapley values from all coalitions: L. S. Shapley, "A value for n-person games" (1953). φ_j is
 * the mean over sizes, then over coalitions of that size without j, of what j adds.
 */
public final class ExactShapley {
  private ExactShapley() {}

  /**
   * The values.
   *
   * @param players K, at most 20
   * @param game {@code 2^K} scores; bit k of the index tells whether player k is present
   * @return K values that sum to {@code game[2^K − 1] − game[0]}
   */
  public static double[] values(int players, double[] game) {
    double[] weights = new double[players];
    double binomial = 1;
    for (int size = 0; size < players; size++) {
      weights[size] = 1 / (players * binomial);
      binomial = binomial * (players - 1 - size) / (size + 1);
    }
    double[] values = new double[players];
    for (int coalition = 0; coalition < game.length; coalition++) {
      double weight = weights[Math.min(Integer.bitCount(coalition), players - 1)];
      for (int j = 0; j < players; j++) {
        if ((coalition >> j & 1) == 0) {
          values[j] += weight * (game[coalition | 1 << j] - game[coalition]);
        }
      }
    }
    return values;
  }
}
