// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

/** A stand-in for a game: known at every coalition, with its own Shapley values. */
public interface Surrogate {

  /**
   * The odd part of the stand-in, (f(z) − f(z̄)) / 2.
   *
   * @param signs the coalition: 1 for a player that is there, −1 for one that is not
   * @return in units of the score
   */
  double odd(double[] signs);

  /**
   * The Shapley values of the stand-in, not of the game: they sum to f(full) − f(empty).
   *
   * @return one per player; a copy
   */
  double[] values();
}
