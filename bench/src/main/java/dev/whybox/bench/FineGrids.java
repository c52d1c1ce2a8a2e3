// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.blackbox.Explainer;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.shapley.Hierarchy;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Flat and from coarse to fine, on grids too fine for a few hundred forwards: {@link GridGame}s
 * whose values are known exactly, each estimator against the kind of value that it aims at. A
 * forward takes no time, so the seconds are mathematics. Arguments: cells along each side (a power
 * of two), games of each kind, the estimators, the forwards, both with commas.
 */
public final class FineGrids {
  private static final double LARGE = 0.01;

  /** Name, the object's area, the need of a part, what the surroundings count. */
  private record Kind(String name, double area, double need, double context) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("quarter, weights", 0.25, 0, 0.6),
          new Kind("quarter, weights and a part", 0.25, 0.7, 0.6),
          new Kind("quarter, busy surroundings", 0.25, 0.7, 3),
          new Kind("small object", 0.04, 0.7, 0.6));

  private FineGrids() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   */
  public static void main(String[] arguments) {
    int side = Integer.parseInt(arguments[0]);
    int games = Integer.parseInt(arguments[1]);
    check(3, Hierarchy.flat(9));
    check(4, tree(0, 0, 4, 4));
    Hierarchy tree = tree(0, 0, side, side);
    System.out.println("| game | estimator | forwards | segments | rank | error | mathematics |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Kind kind : KINDS) {
      List<GridGame> made = new ArrayList<>();
      for (int g = 0; g < games; g++) {
        made.add(new GridGame(side, kind.area(), kind.need(), kind.context(), 100 + g));
      }
      for (String name : arguments[2].split(",")) {
        ShapleyEstimatorKind estimator = ShapleyEstimatorKind.parse(name);
        boolean nested = estimator == ShapleyEstimatorKind.REFINE;
        List<double[]> exact =
            made.stream()
                .map(game -> exact(game, nested ? tree : Hierarchy.flat(side * side), side))
                .toList();
        for (String count : arguments[3].split(",")) {
          row(kind.name(), estimator, Integer.parseInt(count), side, made, exact);
        }
      }
    }
  }

  /** Compares the values of tiny games with those by enumeration, before anything is measured. */
  private static void check(int side, Hierarchy tree) {
    for (Kind kind : KINDS) {
      GridGame game = new GridGame(side, kind.area(), kind.need(), kind.context(), 7);
      double[] values = game.values(tree);
      double[] exact = game.enumerated(tree);
      for (int k = 0; k < exact.length; k++) {
        if (!(Math.abs(values[k] - exact[k]) < 1e-9)) {
          throw new IllegalStateException(
              "Cell %d of %s: %s, by enumeration %s".formatted(k, kind, values[k], exact[k]));
        }
      }
    }
  }

  /** Checks that the values sum to the gain, before anything is compared with them. */
  private static double[] exact(GridGame game, Hierarchy tree, int side) {
    double[] values = game.values(tree);
    double[] all = new double[side * side];
    double gain = -game.score(all);
    Arrays.fill(all, 1);
    gain += game.score(all);
    double sum = Arrays.stream(values).sum();
    if (Math.abs(sum - gain) > 1e-8) {
      throw new IllegalStateException("the values sum to " + sum + ", not to " + gain);
    }
    return values;
  }

  private static void row(
      String kind,
      ShapleyEstimatorKind estimator,
      int forwards,
      int side,
      List<GridGame> games,
      List<double[]> exact) {
    double error = 0;
    double rank = 0;
    double segments = 0;
    double seconds = 0;
    int used = 0;
    for (int g = 0; g < games.size(); g++) {
      long start = System.nanoTime();
      Explanation found = explain(games.get(g), estimator, forwards, side);
      seconds += (System.nanoTime() - start) * 1e-9 / games.size();
      SegmentValues values = (SegmentValues) found.attribution();
      used = found.forwards();
      segments += (double) values.segments().count() / games.size();
      double[] cells = new double[side * side];
      int pixels = values.segments().width() / side;
      for (int k = 0; k < cells.length; k++) {
        int label = values.segments().label(k % side * pixels, k / side * pixels);
        cells[k] = values.density(label);
      }
      error += Math.log(error(cells, exact.get(g))) / games.size();
      rank += Refinement.spearman(cells, exact.get(g), large(exact.get(g))) / games.size();
    }
    System.out.printf(
        "| %s | %s | %d | %.0f | %.2f | %.2g | %.1f s |%n",
        kind, estimator.label(), used, segments, rank, Math.exp(error), seconds);
  }

  private static Explanation explain(
      GridGame game, ShapleyEstimatorKind estimator, int forwards, int side) {
    int size = Math.max(32, 2 * side);
    double[] edges = game.box();
    Box box =
        new Box(
            (float) (edges[0] * size),
            (float) (edges[1] * size),
            (float) (edges[2] * size),
            (float) (edges[3] * size));
    byte[] white = new byte[3 * size * size];
    Arrays.fill(white, (byte) 255);
    Shap shap =
        new Shap(
            Segmentation.grid(side, side), Baseline.GRAY, TargetSimilarity.PROBABILITY, estimator);
    CellEngine engine = new CellEngine(side, size, box, 0, game::score);
    return new Explainer(new YoloModel(engine, "cells", "", 0), 1, 1)
        .explain(
            Image.ofRgb(size, size, white),
            List.of(Target.of(box, 0)),
            shap,
            Budget.DEFAULT.withSamples(forwards - 2).withSeed(5),
            ProgressListener.NONE,
            () -> false)
        .get(0);
  }

  private static double error(double[] found, double[] exact) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < exact.length; k++) {
      square += Math.pow(found[k] - exact[k], 2);
      norm += exact[k] * exact[k];
    }
    return square / norm;
  }

  /** The cells of at least 1 % of the sum, or the 30 greatest where they are fewer. */
  private static int[] large(double[] values) {
    double[] sizes = Arrays.stream(values).map(Math::abs).sorted().toArray();
    double least =
        Math.min(LARGE * Math.abs(Arrays.stream(values).sum()), sizes[sizes.length - 30]);
    return IntStream.range(0, values.length).filter(k -> Math.abs(values[k]) >= least).toArray();
  }

  /** 4 × 4 blocks side by side, each cut into four again and again. */
  private static Hierarchy tree(int row, int column, int block, int side) {
    if (block == 1) {
      return new Hierarchy.Leaf(row * side + column);
    }
    int parts = block == side ? 4 : 2;
    int inner = block / parts;
    List<Hierarchy> members = new ArrayList<>();
    for (int p = 0; p < parts * parts; p++) {
      members.add(tree(row + p / parts * inner, column + p % parts * inner, inner, side));
    }
    return new Hierarchy.Group(members);
  }
}
