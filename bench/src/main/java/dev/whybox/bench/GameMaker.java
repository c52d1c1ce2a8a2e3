// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.image.Baseline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Plays a game and stores its scores, see {@link StoredGame}. Arguments: the file to write, the
 * model, its input size (0 where it is fixed), the picture, rows, columns, samples (more than 20
 * players), seconds, and the baseline (gray where it is left out). When the time is up it keeps
 * what it has in FILE.part and goes on from there the next time.
 */
public final class GameMaker {
  private static final int CHUNK = 256;

  private GameMaker() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Path part = Path.of(arguments[0] + ".part");
    int rows = Integer.parseInt(arguments[4]);
    int columns = Integer.parseInt(arguments[5]);
    long end = System.nanoTime() + (long) (Double.parseDouble(arguments[7]) * 1e9);
    try (LiveGame game =
        new LiveGame(
            Path.of(arguments[1]),
            Integer.parseInt(arguments[2]),
            Path.of(arguments[3]),
            rows,
            columns,
            arguments.length > 8 ? Baseline.parse(arguments[8]) : Baseline.GRAY)) {
      boolean all = game.players() <= StoredGame.MOST_ENUMERATED;
      int count = all ? (1 << game.players()) - 2 : Integer.parseInt(arguments[6]);
      int targets = game.targets();
      ByteBuffer scores = ByteBuffer.allocate(4 * (count + 2) * targets);
      if (Files.exists(part)) {
        scores.put(Files.readAllBytes(part));
      }
      Coalitions design =
          all ? every(game.players()) : new LeverageCoalitions(game.players(), StoredGame.SEED);
      try (LiveGame.Session session = game.play(design)) {
        if (scores.position() == 0) {
          put(scores, session.references());
        }
        int done = scores.position() / 4 / targets - 2;
        while (done < count && System.nanoTime() < end) {
          int wave = Math.min(CHUNK, count - done);
          put(scores, session.scores(done, wave));
          done += wave;
        }
        System.out.printf("%s: %d of %d samples, %d targets%n", file, done, count, targets);
        if (done < count) {
          byte[] bytes = new byte[scores.position()];
          scores.get(0, bytes);
          Files.write(part, bytes);
          return;
        }
      }
      StoredGame stored =
          new StoredGame(game.players(), game.slopes(), game.overlaps(), rows(scores, game, all));
      Path written = Path.of(arguments[0] + ".new");
      stored.write(written);
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(part);
    }
  }

  private static void put(ByteBuffer scores, float[] more) {
    for (float score : more) {
      scores.putFloat(score);
    }
  }

  /** Every coalition but the empty and the full one, with its complement after it. */
  private static Coalitions every(int players) {
    ChosenCoalitions design = new ChosenCoalitions(players);
    for (long half = 1; half < 1L << players - 1; half++) {
      design.addPair(new long[] {half});
    }
    return design;
  }

  private static float[][] rows(ByteBuffer scores, LiveGame game, boolean all) {
    int targets = game.targets();
    int count = scores.capacity() / 4 / targets;
    float[][] rows = new float[targets][count];
    for (int t = 0; t < targets; t++) {
      for (int i = 0; i < count; i++) {
        rows[t][all ? index(i, count) : i] = scores.getFloat(4 * (i * targets + t));
      }
    }
    return rows;
  }

  /** The coalition of a place in the order of play: full, empty, then pairs. */
  private static int index(int place, int count) {
    if (place < 2) {
      return place == 0 ? count - 1 : 0;
    }
    int half = place / 2;
    return place % 2 == 0 ? half : count - 1 - half;
  }
}
