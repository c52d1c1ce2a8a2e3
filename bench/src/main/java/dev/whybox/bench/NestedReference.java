// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.shapley.Hierarchy;
import dev.whybox.shapley.Surrogate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Nested Owen values of a 16 × 16 grid, as something to compare with: those of a surrogate, and an
 * unbiased estimate of what it misses, so they are right whatever the surrogate. The tree: 16
 * blocks side by side, each of four blocks, each of four cells. Of a block with four parts a draw
 * takes what else is there at random, as the definition says, plays all 16 coalitions of the parts
 * and their complements, and works out the parts' exact Shapley values of that game. Draws are
 * unbiased however many each block gets.
 */
final class NestedReference {
  static final int SIDE = 16;
  private static final int CELLS = SIDE * SIDE;
  private static final int SUBSETS = 16;

  private final LiveGame game;
  private final List<Surrogate> surrogates;
  private final Random random;

  /**
   * A reference.
   *
   * @param surrogates one per target, with nested Owen values
   */
  NestedReference(LiveGame game, List<Surrogate> surrogates, long seed) {
    this.game = game;
    this.surrogates = surrogates;
    this.random = new Random(seed);
  }

  /** The whole tree, whose players are the cells, row by row. */
  static Hierarchy tree() {
    return group(new Block(0, 0, SIDE));
  }

  private static Hierarchy group(Block block) {
    List<Hierarchy> members = new ArrayList<>();
    if (block.side() == SIDE) {
      for (int cell = 0; cell < CELLS; cell++) {
        Block inner = Block.at(cell, 4);
        if (cell == inner.row() * SIDE + inner.column()) {
          members.add(group(inner));
        }
      }
      return new Hierarchy.Group(members);
    }
    for (Block part : block.parts()) {
      members.add(
          part.side() > 1 ? group(part) : new Hierarchy.Leaf(part.row() * SIDE + part.column()));
    }
    return new Hierarchy.Group(members);
  }

  /** A square of cells. */
  private record Block(int row, int column, int side) {
    List<Block> parts() {
      List<Block> parts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int half = side / 2;
        parts.add(new Block(row + i / 2 * half, column + i % 2 * half, half));
      }
      return parts;
    }

    /** The blocks of a level: of 4 × 4 or of 2 × 2 cells, row by row. */
    static Block at(int cell, int side) {
      return new Block(cell / SIDE / side * side, cell % SIDE / side * side, side);
    }

    boolean holds(int cell) {
      int r = cell / SIDE;
      int c = cell % SIDE;
      return r >= row && r < row + side && c >= column && c < column + side;
    }

    void add(boolean[] coalition) {
      for (int r = row; r < row + side; r++) {
        Arrays.fill(coalition, r * SIDE + column, r * SIDE + column + side, true);
      }
    }
  }

  /**
   * Values of all cells.
   *
   * @param likely a guess of the values, a row per target: where draws go
   * @param gains what each target's values sum to
   * @param draws how many, of 32 forwards each
   * @return for each of two independent halves, and both together: a row per target
   */
  double[][][] values(double[][] likely, double[] gains, int draws) {
    List<Block> blocks = new ArrayList<>();
    for (int side = 4; side >= 2; side -= 2) {
      for (int cell = 0; cell < CELLS; cell++) {
        Block block = Block.at(cell, side);
        if (cell == block.row() * SIDE + block.column()) {
          blocks.add(block);
        }
      }
    }
    double[] weights = blocks.stream().mapToDouble(b -> weight(b, likely, gains)).toArray();
    double all = Arrays.stream(weights).sum();
    double[][][] result = new double[3][game.targets()][CELLS];
    double[][][] coarse = new double[2][game.targets()][CELLS];
    int[] coarseDraws = new int[CELLS];
    for (int b = 0; b < weights.length; b++) {
      Block block = blocks.get(b);
      int each = Math.max(1, (int) Math.round(draws * weights[b] / all / 2));
      for (int half = 0; half < 2; half++) {
        double[][] parts = mean(block, each);
        for (int t = 0; t < parts.length; t++) {
          for (int p = 0; p < 4; p++) {
            Block part = block.parts().get(p);
            int first = part.row() * SIDE + part.column();
            if (block.side() == 4) {
              coarse[half][t][first] = parts[t][p];
              coarseDraws[first] = each;
            } else {
              result[half][t][first] = parts[t][p];
            }
          }
          if (block.side() == 2) {
            // The parts share what the block is worth as one: both are known, from other draws.
            int first = block.row() * SIDE + block.column();
            double gap = coarse[half][t][first] - Arrays.stream(parts[t]).sum();
            double trust = (double) coarseDraws[first] / (coarseDraws[first] + each);
            for (Block part : block.parts()) {
              result[half][t][part.row() * SIDE + part.column()] += trust * gap / 4;
            }
          }
        }
      }
    }
    for (int t = 0; t < gains.length; t++) {
      double[] known = surrogates.get(t).values();
      for (int cell = 0; cell < CELLS; cell++) {
        result[0][t][cell] += known[cell];
        result[1][t][cell] += known[cell];
        result[2][t][cell] = (result[0][t][cell] + result[1][t][cell]) / 2;
      }
    }
    return result;
  }

  private static double weight(Block block, double[][] likely, double[] gains) {
    double square = 0;
    for (int t = 0; t < gains.length; t++) {
      double sum = 0;
      for (int cell = 0; cell < CELLS; cell++) {
        sum += block.holds(cell) ? Math.abs(likely[t][cell]) / Math.abs(gains[t]) : 0;
      }
      square += sum * sum;
    }
    return Math.sqrt(square) + 0.005;
  }

  /** The mean over draws of what the surrogate misses of the parts' values, a row per target. */
  private double[][] mean(Block block, int draws) {
    ChosenCoalitions design = new ChosenCoalitions(CELLS);
    for (int d = 0; d < draws; d++) {
      boolean[] others = new boolean[CELLS];
      surround(Block.at(block.row() * SIDE + block.column(), 4), SIDE, others);
      if (block.side() == 2) {
        surround(block, 4, others);
      }
      for (int subset = 0; subset < SUBSETS; subset++) {
        boolean[] coalition = others.clone();
        for (int p = 0; p < 4; p++) {
          if ((subset >> p & 1) != 0) {
            block.parts().get(p).add(coalition);
          }
        }
        long[] bits = new long[design.words()];
        for (int cell = 0; cell < CELLS; cell++) {
          bits[cell >> 6] |= coalition[cell] ? 1L << cell : 0;
        }
        design.addPair(bits);
      }
    }
    double[][] result = new double[game.targets()][4];
    try (LiveGame.Session session = game.play(design)) {
      float[] scores = session.scores(0, design.count());
      long[] bits = new long[design.words()];
      double[] signs = new double[CELLS];
      for (int t = 0; t < result.length; t++) {
        for (int d = 0; d < draws; d++) {
          for (int subset = 0; subset < SUBSETS; subset++) {
            int size = Integer.bitCount(subset);
            int sample = 2 * (d * SUBSETS + subset);
            // A pair of complements: the odd part of the game has the same values.
            double odd =
                (scores[sample * result.length + t] - scores[(sample + 1) * result.length + t]) / 2;
            design.get(sample, bits);
            for (int cell = 0; cell < CELLS; cell++) {
              signs[cell] = (bits[cell >> 6] >>> cell & 1) != 0 ? 1 : -1;
            }
            odd -= surrogates.get(t).odd(signs);
            for (int p = 0; p < 4; p++) {
              boolean in = (subset >> p & 1) != 0;
              double share = in ? orders(size - 1) : -orders(size);
              result[t][p] += share * odd / draws;
            }
          }
        }
      }
    }
    return result;
  }

  /** The part of all orders of four in which certain {@code before} come before a certain one. */
  private static double orders(int before) {
    return new double[] {1 / 4.0, 1 / 12.0, 1 / 12.0, 1 / 4.0}[before];
  }

  /** Adds a random number of the blocks beside one, within the block of a given side around it. */
  private void surround(Block block, int outer, boolean[] coalition) {
    Block around = Block.at(block.row() * SIDE + block.column(), outer);
    List<Block> others = new ArrayList<>();
    for (int r = around.row(); r < around.row() + outer; r += block.side()) {
      for (int c = around.column(); c < around.column() + outer; c += block.side()) {
        if (r != block.row() || c != block.column()) {
          others.add(new Block(r, c, block.side()));
        }
      }
    }
    for (int left = random.nextInt(others.size() + 1); left > 0; left--) {
      others.remove(random.nextInt(others.size())).add(coalition);
    }
  }
}
