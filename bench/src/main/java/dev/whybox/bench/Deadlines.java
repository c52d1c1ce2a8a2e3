// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.blackbox.Explainer;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each estimator reaches by a deadline, where the detector is a {@link SyntheticGame} of 8 × 8
 * cells that takes a given time: geometric means over games of all shapes and seeds, and how often
 * intervals of ± 1.96 standard errors hold. Then how late {@code auto} is with the first deadline.
 * Arguments: seeds, runs that tell how late, the milliseconds a forward takes, deadlines in
 * seconds.
 */
public final class Deadlines {
  private static final int SIDE = 8;
  private static final int CELLS = SIDE * SIDE;
  private static final int SIZE = 64;
  private static final Box BOX = new Box(16, 16, 48, 48);
  private static final ShapleyEstimatorKind[] ESTIMATORS = {
    ShapleyEstimatorKind.AUTO,
    ShapleyEstimatorKind.GAUSSIAN,
    ShapleyEstimatorKind.LEVERAGE,
    ShapleyEstimatorKind.KERNEL
  };

  private final SyntheticGame game;

  private Deadlines(SyntheticGame game) {
    this.game = game;
  }

  /**
   * Runs the program.
   *
   * @param arguments see above
   */
  public static void main(String[] arguments) {
    int seeds = Integer.parseInt(arguments[0]);
    double millis = Double.parseDouble(arguments[2]);
    List<Deadlines> games = new ArrayList<>();
    List<double[]> references = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      for (SyntheticGame.Shape shape : SyntheticGame.Shape.values()) {
        SyntheticGame game = new SyntheticGame(shape, SIDE, seed);
        games.add(new Deadlines(game));
        references.add(game.reference());
      }
    }
    // Warms the virtual machine up.
    for (int round = 0; round < 3; round++) {
      for (ShapleyEstimatorKind estimator : ESTIMATORS) {
        games.get(round).run(0.02, estimator, Budget.DEFAULT.withSamples(800));
      }
    }
    System.out.println(
        "| ms a forward | deadline | estimator | used | samples | error | intervals hold | took |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (String text : Arrays.asList(arguments).subList(3, arguments.length)) {
      Row[] rows = new Row[ESTIMATORS.length];
      Arrays.setAll(rows, e -> new Row());
      for (int g = 0; g < games.size(); g++) {
        // In turn, so that none is always the first.
        for (int e = 0; e < rows.length; e++) {
          int turn = (e + g) % rows.length;
          Budget budget = budget(text).withSeed(g);
          rows[turn].add(games.get(g), millis, ESTIMATORS[turn], budget, references.get(g));
        }
      }
      for (int e = 0; e < rows.length; e++) {
        System.out.printf(
            "| %s | %s s | %s | %s |%n", arguments[2], text, ESTIMATORS[e].label(), rows[e]);
      }
    }
    late(games, Integer.parseInt(arguments[1]), millis, arguments[3]);
  }

  /** So many samples that the deadline alone says when to stop. */
  private static Budget budget(String seconds) {
    Duration deadline = Duration.ofNanos((long) (Double.parseDouble(seconds) * 1e9));
    return Budget.DEFAULT.withSamples(100_000).withDeadline(deadline);
  }

  private static void late(List<Deadlines> games, int runs, double millis, String seconds) {
    double[] late = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      games
          .get(i % games.size())
          .run(millis, ShapleyEstimatorKind.AUTO, budget(seconds).withSeed(i));
      double took = (System.nanoTime() - start) * 1e-9;
      late[i] = (took - Double.parseDouble(seconds)) * 1e3 / millis;
    }
    Arrays.sort(late);
    System.out.printf(
        "%nauto, %d runs, %s ms a forward, %s s: late by %.2f forwards (median), %.2f (p90), %.2f"
            + " (p99), %.2f (most)%n",
        runs,
        millis,
        seconds,
        late[runs / 2],
        late[(int) (0.9 * runs)],
        late[(int) Math.ceil(0.99 * runs) - 1],
        late[runs - 1]);
  }

  /** Means of runs. */
  private static final class Row {
    private final Map<String, Integer> used = new TreeMap<>();
    private int runs;
    private int known;
    private int covered;
    private double logs;
    private double took;
    private long samples;

    void add(
        Deadlines game,
        double millis,
        ShapleyEstimatorKind estimator,
        Budget budget,
        double[] reference) {
      long start = System.nanoTime();
      try {
        Explanation found = game.run(millis, estimator, budget);
        took += (System.nanoTime() - start) * 1e-9;
        SegmentValues values = (SegmentValues) found.attribution();
        double error = Mathematics.error(values.values(), reference);
        // The reference itself is no better, so an error below tells no more.
        logs += Math.log(Math.max(error, 1e-6));
        for (int k = 0; k < reference.length && !Double.isNaN(values.standardErrors()[k]); k++) {
          known++;
          double off = Math.abs(values.values()[k] - reference[k]);
          covered += off <= 1.96 * values.standardErrors()[k] + 1e-4 ? 1 : 0;
        }
        samples += found.samples();
        runs++;
        used.merge(found.estimation().orElseThrow().estimator(), 1, Integer::sum);
      } catch (DeadlineTooShort e) {
        used.merge("none", 1, Integer::sum);
      }
    }

    @Override
    public String toString() {
      return runs == 0
          ? "none | | | | "
          : String.format(
              "%s | %d | %.2g | %s | %.2f s",
              used,
              samples / runs,
              Math.exp(logs / runs),
              known == 0 ? "" : String.format("%.0f %%", 100.0 * covered / known),
              took / runs);
    }
  }

  private Explanation run(double millis, ShapleyEstimatorKind estimator, Budget budget) {
    byte[] white = new byte[3 * SIZE * SIZE];
    Arrays.fill(white, (byte) 255);
    Shap shap =
        new Shap(
            Segmentation.grid(SIDE, SIDE), Baseline.GRAY, TargetSimilarity.PROBABILITY, estimator);
    return new Explainer(
            new YoloModel(new CellEngine(SIDE, SIZE, BOX, millis, game::score), "slow", "", 0),
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
