// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Optional;

/**
 * A game of which every score is known.
 *
 * @param game the score of each coalition, by the bits of its players; 2^K of them
 */
public record ExactGame(double[] game) implements GamePrediction {
  @Override
  public Values values(SymmetricFunctional functional) {
    double[] values = functional.of(game);
    return new Values(values, new double[values.length]);
  }

  @Override
  public double[][] scores(double[][] coalitions) {
    double[][] result = new double[2][coalitions.length];
    for (int c = 0; c < coalitions.length; c++) {
      int bits = 0;
      for (int k = 0; k < coalitions[c].length; k++) {
        bits |= coalitions[c][k] > 0 ? 1 << k : 0;
      }
      result[0][c] = game[bits];
    }
    return result;
  }

  @Override
  public Optional<double[]> everyScore() {
    return Optional.of(game);
  }
}
