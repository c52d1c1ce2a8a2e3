// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Optional;

/** Knowledge of a whole game: the score of every coalition, with its uncertainty. */
public interface GamePrediction {

  /**
   * TargetNumbers that are linear in the scores.
   *
   * @param values the expected value, one per player
   * @param standardErrors one per player; NaN where too little is known to tell
   */
  record Values(double[] values, double[] standardErrors) {}

  /**
   * What a rule makes of the game.
   *
   * @param functional the rule; it makes nothing of a constant game
   * @return one number per player
   */
  Values values(SymmetricFunctional functional);

  /**
   * Predicts scores.
   *
   * @param coalitions rows of 1 for a player that is present, else −1
   * @return of each the expected score, then of each the variance
   */
  double[][] scores(double[][] coalitions);

  /**
   * Every score, where all are known.
   *
   * @return the score of each coalition, by the bits of its players; empty where some are predicted
   */
  default Optional<double[]> everyScore() {
    return Optional.empty();
  }
}
