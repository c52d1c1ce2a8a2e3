// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import java.util.Random;

/** Games given by all their scores. */
final class Games {
  private Games() {}

  /** The first pairs of a design, played. */
  static ComplementPairs play(Coalitions design, int pairs, double[] game) {
    int players = design.players();
    long[][] coalitions = new long[pairs][design.words()];
    double[] first = new double[pairs];
    double[] second = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      design.get(2L * i, coalitions[i]);
      first[i] = game[(int) coalitions[i][0]];
      second[i] = game[game.length - 1 - (int) coalitions[i][0]];
    }
    return new ComplementPairs(players, coalitions, first, second, game[game.length - 1], game[0]);
  }

  /** Independent scores. */
  static double[] random(int players, long seed) {
    return new Random(seed).doubles(1L << players).toArray();
  }

  /** Pairs of a game of independent scores. */
  static ComplementPairs random(int players, int pairs, long seed) {
    return play(new LeverageCoalitions(players, seed), pairs, random(players, seed));
  }

  /** A coalition as ±1. */
  static double[] signs(int players, int coalition) {
    double[] signs = new double[players];
    for (int k = 0; k < players; k++) {
      signs[k] = (coalition >> k & 1) != 0 ? 1 : -1;
    }
    return signs;
  }

  /** Σ(φ̂−φ)² / Σφ². */
  static double error(double[] found, double[] exact) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < exact.length; k++) {
      square += (found[k] - exact[k]) * (found[k] - exact[k]);
      norm += exact[k] * exact[k];
    }
    return square / norm;
  }
}
