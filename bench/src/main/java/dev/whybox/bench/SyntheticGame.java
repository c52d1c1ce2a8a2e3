// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A game of side × side cells, like a detector's score, most of it inside the middle of the
 * picture. Cells may be there in part. Of each shape there is one game a number.
 */
final class SyntheticGame {
  private static final int PERMUTATIONS = 20_000;

  /** What the score is a function of. */
  enum Shape {
    /** A logistic function of weights and of some products of two cells. */
    LOGISTIC,
    /** The same of small weights and many products. */
    PRODUCTS,
    /** Four cells, two in a product and two in an "or"; of the others next to nothing. */
    SPARSE,
    /** Four quarters, each there as soon as some of its cells are, multiplied. */
    PARTS
  }

  private final Shape shape;
  private final int side;
  private final double[] weights;
  private final int[][] products;
  private final double[] factors;
  private final int[] few;

  /**
   * A game.
   *
   * @param side at least 4
   */
  SyntheticGame(Shape shape, int side, long number) {
    this.shape = shape;
    this.side = side;
    Random random = new Random(1000L * shape.ordinal() + number);
    this.weights = new double[side * side];
    List<Integer> inner = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      if (inside(k)) {
        inner.add(k);
      }
      weights[k] = weight(inside(k), random);
    }
    int count = shape == Shape.LOGISTIC ? 24 : shape == Shape.PRODUCTS ? 60 : 0;
    this.products = new int[count][2];
    this.factors = new double[count];
    for (int p = 0; p < count; p++) {
      products[p][0] = inner.get(random.nextInt(inner.size()));
      products[p][1] = inner.get(random.nextInt(inner.size()));
      factors[p] = random.nextGaussian() / 3 + (shape == Shape.PRODUCTS ? 0.15 : 0);
    }
    Collections.shuffle(inner, random);
    this.few = inner.subList(0, 4).stream().mapToInt(Integer::intValue).toArray();
  }

  private double weight(boolean inside, Random random) {
    return switch (shape) {
      case LOGISTIC, PRODUCTS ->
          inside
              ? Math.abs(random.nextGaussian()) / (shape == Shape.LOGISTIC ? 2 : 4)
              : random.nextGaussian() / 40;
      case SPARSE -> random.nextGaussian() / 200;
      case PARTS -> inside ? 0.2 + 0.6 * random.nextDouble() : 0.03 * random.nextDouble();
    };
  }

  /** How many cells there are. */
  int cells() {
    return weights.length;
  }

  /** Whether a cell is in the middle half of the rows and of the columns. */
  boolean inside(int cell) {
    int row = cell / side;
    int column = cell % side;
    int edge = side / 4;
    return row >= edge && row < side - edge && column >= edge && column < side - edge;
  }

  /** The score, in [0,1], of cells in [0,1]. */
  double score(double[] cells) {
    return switch (shape) {
      case LOGISTIC -> logistic(-4, cells);
      case PRODUCTS -> logistic(-5, cells);
      case SPARSE -> sparse(cells);
      case PARTS -> parts(cells);
    };
  }

  private double logistic(double start, double[] cells) {
    double sum = start;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * cells[k];
    }
    for (int p = 0; p < factors.length; p++) {
      sum += factors[p] * cells[products[p][0]] * cells[products[p][1]];
    }
    return 1 / (1 + Math.exp(-sum));
  }

  private double sparse(double[] cells) {
    double sum = 0.1 + 0.3 * cells[few[0]] * cells[few[1]];
    sum += 0.3 * (1 - (1 - cells[few[2]]) * (1 - cells[few[3]]));
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * cells[k];
    }
    return Math.max(0, Math.min(1, sum));
  }

  private double parts(double[] cells) {
    double[] missing = {1, 1, 1, 1};
    for (int k = 0; k < weights.length; k++) {
      missing[k / side * 2 / side * 2 + k % side * 2 / side] *= 1 - weights[k] * cells[k];
    }
    double product = 0.95;
    for (double part : missing) {
      product *= 1 - 0.85 * part;
    }
    return product;
  }

  /** Shapley values from antithetic pairs of permutations. */
  double[] reference() {
    Random random = new Random(1);
    int count = cells();
    double[] values = new double[count];
    int[] order = new int[count];
    for (int k = 0; k < count; k++) {
      order[k] = k;
    }
    for (int i = 0; i < 2 * PERMUTATIONS; i++) {
      for (int k = count - 1; k > 0 && i % 2 == 0; k--) {
        int other = random.nextInt(k + 1);
        int swapped = order[k];
        order[k] = order[other];
        order[other] = swapped;
      }
      double[] cells = new double[count];
      double before = score(cells);
      for (int k = 0; k < count; k++) {
        // Every second permutation is the one before, read from its end.
        int player = order[i % 2 == 0 ? k : count - 1 - k];
        cells[player] = 1;
        double after = score(cells);
        values[player] += (after - before) / (2.0 * PERMUTATIONS);
        before = after;
      }
    }
    return values;
  }
}
