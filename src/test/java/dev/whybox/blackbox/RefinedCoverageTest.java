// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How often the true nested Owen value lies within 1.96 standard errors, on games on 8 × 8 cells
 * whose values are enumerated: logistic functions of weights, most of them within a rectangle, and
 * products of pairs. The factors were found on games 1060 to 1251; these are others.
 */
class RefinedCoverageTest {
  private static final int SIDE = 8;
  private static final int CELLS = SIDE * SIDE;
  private static final int BLOCKS = 16;
  private static final int PRODUCTS = 40;

  /** A game on the cells, row by row. */
  private static final class CellGame {
    final double[] weights = new double[CELLS];
    final double[][] products = new double[CELLS][CELLS];
    final double[] hint = new double[CELLS];
    final double shift;

    CellGame(long seed) {
      Random random = new Random(seed);
      int top = random.nextInt(5);
      int left = random.nextInt(5);
      for (int k = 0; k < CELLS; k++) {
        int row = k / SIDE - top;
        int column = k % SIDE - left;
        boolean inside = row >= 0 && row < 4 && column >= 0 && column < 4;
        double size = Math.exp(1.2 * random.nextGaussian() - (inside ? 1 : 4));
        weights[k] = size * (random.nextInt(inside ? 6 : 2) == 0 ? -1 : 1);
        hint[k] = inside ? 1.73 : -0.58;
      }
      for (int p = 0; p < PRODUCTS; p++) {
        int k = (top + random.nextInt(4)) * SIDE + left + random.nextInt(4);
        int l = (top + random.nextInt(4)) * SIDE + left + random.nextInt(4);
        double product = random.nextGaussian() / 4;
        products[k][l] += k == l ? 0 : product;
        products[l][k] += k == l ? 0 : product;
      }
      shift = 1 + 2 * random.nextDouble();
    }

    double score(long[] bits) {
      double sum = -shift;
      for (int k = 0; k < CELLS; k++) {
        if ((bits[0] >>> k & 1) != 0) {
          sum += weights[k];
          for (int l = 0; l < k; l++) {
            sum += (bits[0] >>> l & 1) * products[k][l];
          }
        }
      }
      return logistic(sum);
    }

    static double logistic(double sum) {
      return 1 / (1 + Math.exp(-sum));
    }

    /** Of a block of 2 × 2 cells a cell. */
    static int cell(int block, int part) {
      return (block / 4 * 2 + part / 2) * SIDE + block % 4 * 2 + part % 2;
    }

    /**
     * By the definition: of each block the parts' Shapley values, given who of the 15 other blocks
     * came before it, as a mean over their orders.
     */
    double[] nested() {
      double[] values = new double[CELLS];
      for (int block = 0; block < BLOCKS; block++) {
        double[][] sums = sums(block);
        for (int others = 0; others < 1 << BLOCKS; others++) {
          if ((others >> block & 1) != 0) {
            continue;
          }
          double[] scores = new double[16];
          for (int parts = 0; parts < 16; parts++) {
            scores[parts] = logistic(sums[parts][others]);
          }
          double chance = before(Integer.bitCount(others), BLOCKS);
          for (int part = 0; part < 4; part++) {
            for (int parts = 0; parts < 16; parts++) {
              if ((parts >> part & 1) == 0) {
                values[cell(block, part)] +=
                    chance
                        * before(Integer.bitCount(parts), 4)
                        * (scores[parts | 1 << part] - scores[parts]);
              }
            }
          }
        }
      }
      return values;
    }

    /** The part of all orders of so many in which certain others come before a certain one. */
    private static double before(int size, int players) {
      double orders = players;
      for (int i = 0; i < size; i++) {
        orders *= (double) (players - 1 - i) / (i + 1);
      }
      return 1 / orders;
    }

    /** What goes into the logistic function, for all parts of a block and all other blocks. */
    private double[][] sums(int block) {
      double[][] sums = new double[16][1 << BLOCKS];
      for (int parts = 0; parts < 16; parts++) {
        sums[parts][0] = -shift;
        for (int part = 0; part < 4; part++) {
          sums[parts][0] += (parts >> part & 1) * weights[cell(block, part)];
          for (int other = 0; other < part; other++) {
            sums[parts][0] +=
                (parts >> part & 1)
                    * (parts >> other & 1)
                    * products[cell(block, part)][cell(block, other)];
          }
        }
      }
      double[][] between = new double[BLOCKS][BLOCKS];
      double[][] own = new double[BLOCKS][16];
      for (int b = 0; b < BLOCKS; b++) {
        for (int i = 0; i < 4; i++) {
          between[b][b] += weights[cell(b, i)];
          for (int j = 0; j < 4; j++) {
            for (int c = 0; c < b; c++) {
              between[b][c] += products[cell(b, i)][cell(c, j)];
            }
            between[b][b] += j < i ? products[cell(b, i)][cell(b, j)] : 0;
            for (int parts = 0; parts < 16; parts++) {
              own[b][parts] += (parts >> j & 1) * products[cell(b, i)][cell(block, j)];
            }
          }
        }
      }
      for (int others = 1; others < 1 << BLOCKS; others++) {
        int last = 31 - Integer.numberOfLeadingZeros(others);
        int rest = others ^ 1 << last;
        double more = between[last][last];
        for (int c = 0; c < last; c++) {
          more += (rest >> c & 1) * between[last][c];
        }
        for (int parts = 0; parts < 16; parts++) {
          sums[parts][others] = sums[parts][rest] + more + own[last][parts];
        }
      }
      return sums;
    }
  }

  private static SegmentValues play(CellGame game, int samples, long seed) {
    Segments cells = Segmentation.grid(SIDE, SIDE).of(Image.ofRgb(SIDE, SIDE, new byte[3 * CELLS]));
    ChosenCoalitions design = new ChosenCoalitions(CELLS);
    Estimator estimator =
        new QuadtreeOwenEstimator(cells, design, seed, new double[][][] {{game.hint}}, samples, 1);
    Estimator.References references =
        new Estimator.References(
            new float[] {(float) game.score(new long[] {-1})},
            new float[] {(float) game.score(new long[] {0})});
    long[] bits = new long[1];
    for (int sample = 0; sample < estimator.samples(); sample++) {
      while (sample >= estimator.checkpoint() && estimator.ready() < estimator.samples()) {
        estimator.advance(references, new Estimator.Outlook(1, Double.POSITIVE_INFINITY));
      }
      design.get(sample, bits);
      estimator.accept(sample, 1, new float[] {(float) game.score(bits)});
    }
    return (SegmentValues) estimator.estimate(references).get(0).attribution();
  }

  /** How many values were within their intervals, of how many. */
  private static final class Count {
    int within;
    int all;

    void add(double off, double error) {
      within += Math.abs(off) <= 1.96 * error ? 1 : 0;
      all++;
    }

    double share() {
      return (double) within / all;
    }
  }

  /** Segments of any size, cells of blocks that were not cut, and cells of the whole map. */
  private record Coverage(Count segments, Count uncut, Count cells) {
    Coverage() {
      this(new Count(), new Count(), new Count());
    }

    void add(CellGame game, int samples, long seed) {
      double[] exact = game.nested();
      SegmentValues found = play(game, samples, seed);
      Segments segments = found.segments();
      double[] off = found.values().clone();
      for (int k = 0; k < CELLS; k++) {
        int segment = segments.label(k % SIDE, k / SIDE);
        off[segment] -= exact[k];
        double cell = found.density(segment) - exact[k];
        cells.add(cell, found.cellErrors()[segment]);
        if (segments.cells(segment) > 1) {
          uncut.add(cell, found.cellErrors()[segment]);
        }
      }
      for (int segment = 0; segment < off.length; segment++) {
        segments().add(off[segment], found.standardErrors()[segment]);
      }
    }
  }

  @Test
  void intervalsHoldTheTruth() {
    Coverage all = new Coverage();
    for (int samples : new int[] {60, 120, 240}) {
      Coverage each = new Coverage();
      for (int g = 0; g < 12; g++) {
        CellGame game = new CellGame(4000 + samples + g);
        each.add(game, samples, g);
        all.add(game, samples, g);
      }
      System.out.printf(
          "Coverage, refine, %d samples: %.3f of %d segments, %.3f of %d uncut cells, %.3f of all%n",
          samples,
          each.segments.share(),
          each.segments.all,
          each.uncut.share(),
          each.uncut.all,
          each.cells.share());
    }
    assertTrue(all.segments.share() >= 0.93 && all.segments.share() <= 0.97);
    assertTrue(all.uncut.share() >= 0.93 && all.uncut.share() <= 0.97);
    assertTrue(all.cells.share() >= 0.93 && all.cells.share() <= 0.97);
  }

  /** The enumeration itself: values sum to the gain, and without products cells are alike. */
  @Test
  void enumeratedValuesSumToTheGain() {
    CellGame game = new CellGame(1);
    double gain = game.score(new long[] {-1}) - game.score(new long[] {0});
    assertEquals(gain, Arrays.stream(game.nested()).sum(), 1e-9);
  }
}
