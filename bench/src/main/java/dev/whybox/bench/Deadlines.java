// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Budget;
import dev.whybox.Explanation;
import dev.whybox.ProgressListener;
import dev.whybox.WhyboxException.DeadlineTooShort;
import dev.whybox.explain.Approximation;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Explainer;
import dev.whybox.explain.Shap;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Agreement;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What each estimator reaches by a deadline, where the detector is a function of 8 × 8 cells that
 * takes a given time: a logistic function of weights and products, most of it within the target's
 * box. The reference comes from 20,000 antithetic pairs of permutations. Arguments: seeds, the
 * milliseconds a forward takes, deadlines in seconds.
 */
public final class Deadlines {
  private static final int SIDE = 8;
  private static final int CELLS = SIDE * SIDE;
  private static final int SIZE = 64;
  private static final int PRODUCTS = 24;
  private static final Box BOX = new Box(16, 16, 48, 48);
  private static final Approximation[] ESTIMATORS = {
    Approximation.AUTO, Approximation.GAUSSIAN, Approximation.LEVERAGE, Approximation.KERNEL
  };

  private final double[] weights = new double[CELLS];
  private final int[][] products = new int[PRODUCTS][2];
  private final double[] factors = new double[PRODUCTS];

  private Deadlines() {
    Random random = new Random(7);
    for (int k = 0; k < CELLS; k++) {
      weights[k] = inside(k) ? Math.abs(random.nextGaussian()) / 2 : random.nextGaussian() / 40;
    }
    for (int p = 0; p < PRODUCTS; p++) {
      for (int end = 0; end < 2; end++) {
        products[p][end] = (2 + random.nextInt(4)) * SIDE + 2 + random.nextInt(4);
      }
      factors[p] = random.nextGaussian() / 3;
    }
  }

  private static boolean inside(int cell) {
    int row = cell / SIDE;
    int column = cell % SIDE;
    return row >= 2 && row < 6 && column >= 2 && column < 6;
  }

  /** The probability, of cells in [0,1]. */
  private double probability(double[] cells) {
    double sum = -4;
    for (int k = 0; k < CELLS; k++) {
      sum += weights[k] * cells[k];
    }
    for (int p = 0; p < PRODUCTS; p++) {
      sum += factors[p] * cells[products[p][0]] * cells[products[p][1]];
    }
    return 1 / (1 + Math.exp(-sum));
  }

  private double[] reference() {
    Random random = new Random(1);
    int pairs = 20_000;
    double[] values = new double[CELLS];
    int[] order = new int[CELLS];
    Arrays.setAll(order, k -> k);
    for (int i = 0; i < 2 * pairs; i++) {
      for (int k = CELLS - 1; k > 0; k--) {
        int other = i % 2 == 0 ? random.nextInt(k + 1) : k;
        int swapped = order[k];
        order[k] = order[other];
        order[other] = swapped;
      }
      double[] cells = new double[CELLS];
      double before = probability(cells);
      for (int k = 0; k < CELLS; k++) {
        // Every second permutation is the one before, read from its end.
        int player = order[i % 2 == 0 ? k : CELLS - 1 - k];
        cells[player] = 1;
        double after = probability(cells);
        values[player] += (after - before) / (2.0 * pairs);
        before = after;
      }
    }
    return values;
  }

  /**
   * Runs the program.
   *
   * @param arguments see above
   */
  public static void main(String[] arguments) {
    int seeds = Integer.parseInt(arguments[0]);
    double millis = Double.parseDouble(arguments[1]);
    Deadlines game = new Deadlines();
    double[] reference = game.reference();
    // Warms the virtual machine up.
    for (Approximation estimator : ESTIMATORS) {
      game.run(0.1, estimator, Budget.DEFAULT.withSamples(300));
    }
    System.out.println("| ms a forward | deadline | estimator | used | samples | error | took |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (String text : Arrays.asList(arguments).subList(2, arguments.length)) {
      Duration deadline = Duration.ofNanos((long) (Double.parseDouble(text) * 1e9));
      for (Approximation estimator : ESTIMATORS) {
        double error = 0;
        double took = 0;
        long samples = 0;
        String used = "none";
        for (int seed = 0; seed < seeds; seed++) {
          // So many that the deadline alone says when to stop.
          Budget budget = Budget.DEFAULT.withSamples(100_000).withDeadline(deadline).withSeed(seed);
          long start = System.nanoTime();
          try {
            Explanation found = game.run(millis, estimator, budget);
            took += (System.nanoTime() - start) * 1e-9 / seeds;
            error += error(((SegmentValues) found.attribution()).values(), reference) / seeds;
            samples += found.samples();
            used = found.estimation().estimator();
          } catch (DeadlineTooShort e) {
            error = Double.NaN;
          }
        }
        System.out.printf(
            "| %s | %s s | %s | %s | %d | %.2g | %.2f s |%n",
            arguments[1], text, estimator.label(), used, samples / seeds, error, took);
      }
    }
  }

  private static double error(double[] found, double[] reference) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < found.length; k++) {
      square += Math.pow(found[k] - reference[k], 2);
      norm += Math.pow(reference[k], 2);
    }
    return square / norm;
  }

  private Explanation run(double millis, Approximation estimator, Budget budget) {
    byte[] white = new byte[3 * SIZE * SIZE];
    Arrays.fill(white, (byte) 255);
    Shap shap =
        new Shap(Segmentation.grid(SIDE, SIDE), Baseline.GRAY, Agreement.PROBABILITY, estimator);
    return new Explainer(
            new YoloModel(
                new CellEngine(SIDE, SIZE, BOX, millis, this::probability), "slow", "", 0),
            1,
            1)
        .explain(
            Image.ofRgb(SIZE, SIZE, white),
            List.of(Target.of(BOX, 0)),
            shap,
            budget,
            ProgressListener.NONE,
            () -> false)
        .get(0);
  }
}
