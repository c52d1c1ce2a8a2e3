// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Games of a real detector with the scores of all coalitions, and what is known of each target. */
public final class StoredGames {
  private StoredGames() {}

  /** Games that nothing was tuned on. */
  public static final List<String> UNSEEN =
      List.of(
          "hill-3x4",
          "garden-4x3",
          "meadow-3x4",
          "snow-3x4",
          "forest-4x3",
          "stream-3x4",
          "mountain-4x3");

  /**
   * One target: the sum of the gradient's size over each player's cell, what part of it is in the
   * target's box, and the score of every coalition by its bits.
   */
  public record Stored(double[] slopes, double[] overlaps, double[] scores) {}

  /** The targets of one picture; bench's StoredGame has the format. */
  public static List<Stored> of(String name) {
    List<Stored> games = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(
                StoredGames.class.getResourceAsStream("/games/" + name + ".game")))) {
      int players = in.readInt();
      int targets = in.readInt();
      int count = in.readInt();
      if (players != 12 || count != 1 << players) {
        throw new IllegalStateException(name + ": " + players + " players, " + count + " scores");
      }
      for (int t = 0; t < targets; t++) {
        double[] slopes = floats(in, players);
        double[] overlaps = floats(in, players);
        double[] scores = new double[count];
        for (int i = 0; i < count; i++) {
          scores[i] = in.readUnsignedShort() / 65535.0;
        }
        games.add(new Stored(slopes, overlaps, scores));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return games;
  }

  private static double[] floats(DataInputStream in, int count) throws IOException {
    double[] values = new double[count];
    for (int k = 0; k < count; k++) {
      values[k] = in.readFloat();
    }
    return values;
  }
}
