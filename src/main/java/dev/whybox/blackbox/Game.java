// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.AllCoalitions;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.PermutationCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Estimation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.AntitheticPermutations;
import dev.whybox.shapley.BoostedTrees;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.ResidualCorrection;
import dev.whybox.shapley.ShapleyEstimator;
import dev.whybox.shapley.UnbiasedRegression;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a method plays: masks, and the estimator that understands their scores.
 *
 * @param masks which pixels keep their colour in sample i
 * @param estimator turns scores into values
 */
record Game(Masks masks, Estimator estimator) {
  /**
   * The game of a method on an image.
   *
   * @param method the method
   * @param content the image as the letterbox has resized it
   * @param boxes the targets in pixels of the content
   * @param saliency the gradient's size at every pixel of the content, a map a target; empty where
   *     there is no gradient. Asked only where it is of use
   * @param budget samples, goal and seed
   * @param threads for the mathematics, at least 1
   * @param shared whether LIME is to be predicted from SHAP's scores
   * @return masks and estimator
   * @throws BadArgument where a method without standard errors has a goal for them
   */
  static Game of(
      BlackBox method,
      Image content,
      List<Box> boxes,
      Supplier<List<PixelValues>> saliency,
      Budget budget,
      int threads,
      boolean shared) {
    if (!(method instanceof Shap)) {
      budget.refuseError(method.name());
    }
    int targets = boxes.size();
    long seed = budget.seed();
    int samples =
        method instanceof Shap shap
            ? shap.samples(budget)
            : budget.samples() > 0 ? budget.samples() : method.defaultSamples();
    if (method instanceof DRise rise) {
      RiseMasks masks =
          new RiseMasks(content.width(), content.height(), rise.grid(), rise.keep(), seed);
      return new Game(masks, new RiseEstimator(masks, targets, samples));
    }
    if (method instanceof Lime lime) {
      Segments segments = segments(lime.segmentation(), content);
      UniformCoalitions design = new UniformCoalitions(segments.count(), seed);
      return new Game(
          new SegmentMasks(segments, design),
          new LimeEstimator(lime, segments, design, targets, samples));
    }
    Shap shap = (Shap) method;
    Segments segments = segments(shap.segmentation(), content);
    int players = segments.count();
    long all = players <= Shap.EXACT_PLAYERS ? (1L << players) - 2 : Long.MAX_VALUE;
    if (players <= Shap.EXACT_PLAYERS && (budget.samples() == 0 || budget.samples() >= all)) {
      AllCoalitions design = new AllCoalitions(players);
      return new Game(
          new SegmentMasks(segments, design), ShapEstimator.exact(segments, design, targets));
    }
    Estimators estimators = new Estimators(segments, targets, samples, seed, threads, shared);
    Game game = estimators.of(shap.approximation(), boxes, saliency, budget);
    double goal = shap.goal(budget);
    return goal > 0
        ? new Game(game.masks(), new ErrorGoal(game.estimator(), goal, shap.least(budget)))
        : game;
  }

  /** Makes estimators of one game. */
  private record Estimators(
      Segments segments, int targets, int samples, long seed, int threads, boolean shared) {
    Game of(
        Approximation approximation,
        List<Box> boxes,
        Supplier<List<PixelValues>> saliency,
        Budget budget) {
      int players = segments.count();
      Estimation asked = approximation.asked(samples);
      return switch (approximation) {
        case KERNEL -> {
          ShapleyCoalitions design = new ShapleyCoalitions(players, seed);
          yield new Game(
              new SegmentMasks(segments, design),
              ShapEstimator.sampled(segments, design, targets, samples));
        }
        case LEVERAGE -> leverage(asked);
        case PERMUTATION ->
            paired(new PermutationCoalitions(players, seed), new AntitheticPermutations(), asked);
        case TREES ->
            paired(
                new LeverageCoalitions(players, seed),
                new ResidualCorrection(new BoostedTrees(), new UnbiasedRegression()),
                asked);
        case MIXTURE -> {
          ChosenCoalitions design = new ChosenCoalitions(players);
          double[][][] hints = hints(segments, boxes, saliency.get());
          yield new Game(
              new SegmentMasks(segments, design),
              new MixtureEstimator(segments, design, seed, hints, samples, threads));
        }
        case GAUSSIAN, AUTO -> adaptive(approximation, boxes, saliency, budget);
        case REFINE -> {
          if (segments.rows() == 0) {
            throw new BadArgument(
                "The estimator refine cuts a grid's blocks into parts, but the segments are no grid."
                    + " Take a grid, such as grid:16x16, or another estimator.");
          }
          ChosenCoalitions design = new ChosenCoalitions(players);
          double[][][] hints = hints(segments, boxes, saliency.get());
          yield new Game(
              new SegmentMasks(segments, design),
              new QuadtreeOwenEstimator(segments, design, seed, hints, samples, threads));
        }
      };
    }

    private Game leverage(Estimation estimation) {
      return paired(
          new LeverageCoalitions(segments.count(), seed), PairedRegression.leverage(), estimation);
    }

    private Game adaptive(
        Approximation approximation,
        List<Box> boxes,
        Supplier<List<PixelValues>> saliency,
        Budget budget) {
      ChosenCoalitions design = new ChosenCoalitions(segments.count());
      double[][][] hints = hints(segments, boxes, saliency.get());
      return new Game(
          new SegmentMasks(segments, design),
          new AdaptiveGaussianEstimator(
              segments,
              design,
              seed,
              hints,
              approximation == Approximation.AUTO,
              budget.deadline() != null,
              shared,
              samples,
              threads));
    }

    private Game paired(Coalitions design, ShapleyEstimator estimator, Estimation estimation) {
      return new Game(
          new SegmentMasks(segments, design),
          new PairedEstimator(segments, design, estimator, targets, estimation));
    }
  }

  private static double[][][] hints(
      Segments segments, List<Box> boxes, List<PixelValues> saliency) {
    double[][][] hints = new double[boxes.size()][][];
    for (int t = 0; t < hints.length; t++) {
      double[] box = PlayerHints.of(segments, boxes.get(t));
      hints[t] =
          saliency.isEmpty()
              ? new double[][] {box}
              : new double[][] {PlayerHints.of(segments, saliency.get(t)), box};
    }
    return hints;
  }

  private static Segments segments(Segmentation segmentation, Image content) {
    Segments segments = segmentation.of(content);
    if (segments.count() > Segments.MAX_COUNT) {
      throw new BadArgument(
          "LIME and SHAP take up to "
              + Segments.MAX_COUNT
              + " segments; "
              + segmentation
              + " gives "
              + segments.count()
              + ". Take a coarser segmentation, or d-rise.");
    }
    return segments;
  }
}
