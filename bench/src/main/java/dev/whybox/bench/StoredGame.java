// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.explain.shapley.PairedScores;
import dev.whybox.explain.shapley.Surrogate;
import dev.whybox.perturb.LeverageCoalitions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Scores of a game as a file: gzip of big-endian fields. {@code int players, targets, count}; for
 * every target {@code players} floats of the gradient's size and {@code players} of the overlap
 * with the box, then {@code count} scores as unsigned 16-bit numbers, 65535 for 1. The scores are
 * those of all coalitions, bit k of the index telling whether player k is there, or, with more than
 * 20 players, those of the full image, of the baseline and of the samples of {@link
 * dev.whybox.perturb.LeverageCoalitions} with seed {@value #SEED}.
 *
 * @param players how many players
 * @param slopes the gradient's size in each segment, a row a target
 * @param overlaps the part of each segment in the target's box, a row a target
 * @param scores a row a target
 */
record StoredGame(int players, double[][] slopes, double[][] overlaps, float[][] scores) {
  static final long SEED = 20_250_101;
  static final int MOST_ENUMERATED = 20;
  private static final float ONE = 65535;

  static StoredGame read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16))) {
      int players = in.readInt();
      int targets = in.readInt();
      int count = in.readInt();
      StoredGame game =
          new StoredGame(
              players,
              new double[targets][players],
              new double[targets][players],
              new float[targets][count]);
      for (int t = 0; t < targets; t++) {
        for (int k = 0; k < players; k++) {
          game.slopes[t][k] = in.readFloat();
        }
        for (int k = 0; k < players; k++) {
          game.overlaps[t][k] = in.readFloat();
        }
        for (int i = 0; i < count; i++) {
          game.scores[t][i] = in.readUnsignedShort() / ONE;
        }
      }
      return game;
    }
  }

  void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file), 1 << 16))) {
      out.writeInt(players);
      out.writeInt(scores.length);
      out.writeInt(scores[0].length);
      for (int t = 0; t < scores.length; t++) {
        for (int k = 0; k < players; k++) {
          out.writeFloat((float) slopes[t][k]);
        }
        for (int k = 0; k < players; k++) {
          out.writeFloat((float) overlaps[t][k]);
        }
        for (float score : scores[t]) {
          out.writeShort(Math.round(score * ONE));
        }
      }
    }
  }

  /**
   * Shapley values of a game of more than {@value #MOST_ENUMERATED} players: a surrogate's, and
   * those of what it misses by Leverage SHAP.
   *
   * @param surrogate that has not seen the pairs
   * @param from the first pair
   * @param to the pair after the last one
   */
  double[] values(int target, Surrogate surrogate, int from, int to) {
    float[] row = scores[target];
    LeverageCoalitions design = new LeverageCoalitions(players, SEED);
    long[][] bits = new long[to - from][design.words()];
    double[] ones = new double[to - from];
    double[] others = new double[to - from];
    double[] signs = new double[players];
    for (int i = from; i < to; i++) {
      design.get(2L * i, bits[i - from]);
      for (int k = 0; k < players; k++) {
        signs[k] = (bits[i - from][k >> 6] >>> k & 1) != 0 ? 1 : -1;
      }
      double known = surrogate.odd(signs);
      ones[i - from] = row[2 * i + 2] - known;
      others[i - from] = row[2 * i + 3] + known;
    }
    Arrays.fill(signs, 1);
    double known = surrogate.odd(signs);
    double[] missed =
        PairedRegression.leverage()
            .estimate(new PairedScores(players, bits, ones, others, row[0] - known, row[1] + known))
            .values();
    double[] values = surrogate.values();
    for (int k = 0; k < players; k++) {
      values[k] += missed[k];
    }
    return values;
  }
}
