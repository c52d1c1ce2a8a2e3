// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Budget;
import dev.whybox.Explanation;
import dev.whybox.ProgressListener;
import dev.whybox.WhyboxException.DeadlineTooShort;
import dev.whybox.WhyboxException.EngineFailure;
import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

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
  private static final int ANCHORS = 64 + 16 + 4;
  private static final int PRODUCTS = 24;
  private static final double GRAY = 114 / 255.0;
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
    return new Explainer(new YoloModel(new Slow(millis), "slow", "", 0), 1, 1)
        .explain(
            Image.ofRgb(SIZE, SIZE, white),
            List.of(Target.of(BOX, 0)),
            shap,
            budget,
            ProgressListener.NONE,
            () -> false)
        .get(0);
  }

  /** An engine that waits until its time is up, and leaves the processor to others meanwhile. */
  private final class Slow implements Engine {
    private final double millis;

    private Slow(double millis) {
      this.millis = millis;
    }

    @Override
    public EngineInfo info() {
      return new EngineInfo("slow", "1", "cpu", "fp32");
    }

    @Override
    public Map<String, String> metadata() {
      return Map.of("task", "detect", "imgsz", "[" + SIZE + ", " + SIZE + "]");
    }

    @Override
    public long[] inputShape() {
      return new long[] {-1, 3, SIZE, SIZE};
    }

    @Override
    public int[] outputShape(int height, int width) {
      return new int[] {5, ANCHORS};
    }

    @Override
    public Lane lane(int batch, int height, int width, int threads) {
      FloatBuffer input = floats(batch * 3 * SIZE * SIZE);
      FloatBuffer output = floats(batch * 5 * ANCHORS);
      return new Lane() {
        @Override
        public int batch() {
          return batch;
        }

        @Override
        public FloatBuffer input() {
          return input;
        }

        @Override
        public FloatBuffer output() {
          return output;
        }

        @Override
        public void run() {
          long end = System.nanoTime() + (long) (batch * millis * 1e6);
          for (int i = 0; i < batch; i++) {
            answer(input, output, i);
          }
          for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Lane lane(List<Port> inputs, List<Port> outputs, int threads) {
      throw new EngineFailure("This engine has one input and one output.", null);
    }

    @Override
    public Engine open(byte[] file, String name) {
      throw new EngineFailure("This engine opens no files.", null);
    }

    @Override
    public void close() {}
  }

  private void answer(FloatBuffer input, FloatBuffer output, int image) {
    double[] cells = new double[CELLS];
    int cell = SIZE / SIDE;
    for (int k = 0; k < CELLS; k++) {
      int pixel = (k / SIDE * cell + cell / 2) * SIZE + k % SIDE * cell + cell / 2;
      cells[k] = (input.get(image * 3 * SIZE * SIZE + pixel) - GRAY) / (1 - GRAY);
    }
    int start = image * 5 * ANCHORS;
    output.put(start, (BOX.x1() + BOX.x2()) / 2);
    output.put(start + ANCHORS, (BOX.y1() + BOX.y2()) / 2);
    output.put(start + 2 * ANCHORS, BOX.x2() - BOX.x1());
    output.put(start + 3 * ANCHORS, BOX.y2() - BOX.y1());
    output.put(start + 4 * ANCHORS, (float) probability(cells));
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
