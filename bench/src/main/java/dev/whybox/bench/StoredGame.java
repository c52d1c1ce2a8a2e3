// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.ExactShapley;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.ProcessFamily;
import dev.whybox.shapley.Surrogate;
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
 * dev.whybox.design.LeverageCoalitions} with seed {@value #SEED}.
 *
 * @param players how many players
 * @param slopes the gradient's size in each segment, a row per target
 * @param overlaps the part of each segment in the target's box, a row per target
 * @param scores a row per target
 */
record StoredGame(int players, double[][] slopes, double[][] overlaps, float[][] scores) {
  static final long SEED = 20_250_101;
  static final int MOST_ENUMERATED = 20;
  private static final float ONE = 65535;

  /** Pairs that the surrogate of a reference is fitted to. */
  private static final int SEEN = 256;

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

  /** Whether the scores of all coalitions are there. */
  boolean enumerated() {
    return players <= MOST_ENUMERATED;
  }

  /**
   * The scores of a design's first pairs.
   *
   * @param design any where all coalitions are there, else {@link LeverageCoalitions} with {@link
   *     #SEED}
   */
  ComplementPairs pairs(Coalitions design, int count, int target) {
    float[] row = scores[target];
    long[][] bits = new long[count][design.words()];
    double[] ones = new double[count];
    double[] others = new double[count];
    for (int i = 0; i < count; i++) {
      design.get(2L * i, bits[i]);
      int place = enumerated() ? (int) bits[i][0] : 2 * i + 2;
      ones[i] = row[place];
      others[i] = row[enumerated() ? row.length - 1 - place : place + 1];
    }
    double full = row[enumerated() ? row.length - 1 : 0];
    double empty = row[enumerated() ? 0 : 1];
    return new ComplementPairs(players, bits, ones, others, full, empty);
  }

  /** A target's Shapley values: exact where all coalitions are there, else as good as can be. */
  double[] values(int target) {
    if (enumerated()) {
      double[] all = new double[scores[target].length];
      Arrays.setAll(all, c -> scores[target][c]);
      return ExactShapley.values(players, all);
    }
    ProcessFamily family = new ProcessFamily(standard(slopes[target]), standard(overlaps[target]));
    ComplementPairs seen = pairs(new LeverageCoalitions(players, SEED), SEEN, target);
    return values(target, family.fit(seen).surrogate(), SEEN, scores[target].length / 2 - 1);
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
            .estimate(
                new ComplementPairs(players, bits, ones, others, row[0] - known, row[1] + known))
            .values();
    double[] values = surrogate.values();
    for (int k = 0; k < players; k++) {
      values[k] += missed[k];
    }
    return values;
  }

  /** Standardised logarithms. */
  static double[] standard(double[] amounts) {
    double most = Arrays.stream(amounts).max().orElseThrow();
    double[] logs = Arrays.stream(amounts).map(a -> Math.log(a + 0.01 * most + 1e-12)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance = Arrays.stream(logs).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    return Arrays.stream(logs).map(a -> (a - mean) / Math.sqrt(variance + 1e-12)).toArray();
  }
}
