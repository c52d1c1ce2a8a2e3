// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/** Makes Shapley values of the scores of some coalitions and their complements. */
@FunctionalInterface
public interface ShapleyEstimator {

  /**
   * Estimates the values.
   *
   * @param scores what is known of the game
   * @return one value per player; they sum to s(full) − s(empty)
   */
  ShapleyValues estimate(ComplementPairs scores);
}
