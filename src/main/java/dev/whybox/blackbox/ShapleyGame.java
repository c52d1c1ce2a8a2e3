// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.AllCoalitions;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ShapleyEstimator;
import java.util.List;

/**
 * The game whose Shapley values are wanted. Every estimator is made from it.
 *
 * @param segments the players
 * @param setting the image, the targets and the budget
 * @param kind the estimator
 * @param samples samples at most, at least 1
 */
record ShapleyGame(Segments segments, Setting setting, ShapleyEstimatorKind kind, int samples) {

  int players() {
    return segments.count();
  }

  long seed() {
    return setting.budget().seed();
  }

  /** Every coalition is evaluated. */
  Plan exact() {
    AllCoalitions design = new AllCoalitions(players());
    return plan(design, ShapEstimator.exact(segments, design, setting.targets()));
  }

  /** A fixed design, whose pairs an estimator without memory understands. */
  Plan paired(Coalitions design, ShapleyEstimator estimator) {
    Estimation estimation = kind.asked(samples);
    return plan(
        design, new PairedEstimator(segments, design, estimator, setting.targets(), estimation));
  }

  /** A Gaussian process that chooses its coalitions. */
  Plan growing() {
    ChosenCoalitions design = new ChosenCoalitions(players());
    return plan(
        design,
        new AdaptiveGaussianEstimator(
            segments,
            design,
            seed(),
            hints(),
            kind == ShapleyEstimatorKind.AUTO,
            setting.budget().deadline() != null,
            setting.surrogate(),
            samples,
            setting.threads()));
  }

  Plan mixture() {
    ChosenCoalitions design = new ChosenCoalitions(players());
    return plan(
        design,
        new MixtureEstimator(segments, design, seed(), hints(), samples, setting.threads()));
  }

  Plan refining() {
    if (segments.rows() == 0) {
      throw new BadArgument(
          "The estimator refine cuts a grid's blocks into parts, but the segments are no grid."
              + " Take a grid, such as grid:16x16, or another estimator.");
    }
    ChosenCoalitions design = new ChosenCoalitions(players());
    return plan(
        design,
        new QuadtreeOwenEstimator(segments, design, seed(), hints(), samples, setting.threads()));
  }

  Plan plan(Coalitions design, Estimator estimator) {
    return new Plan(new SegmentMasks(segments, design), estimator);
  }

  /**
   * Of each target, where the segments may matter: by the gradient, where there is one, and box.
   */
  private double[][][] hints() {
    List<PixelValues> saliency = setting.saliency().get();
    double[][][] hints = new double[setting.targets()][][];
    for (int t = 0; t < hints.length; t++) {
      double[] box = PlayerHints.of(segments, setting.boxes().get(t));
      hints[t] =
          saliency.isEmpty()
              ? new double[][] {box}
              : new double[][] {PlayerHints.of(segments, saliency.get(t)), box};
    }
    return hints;
  }
}
