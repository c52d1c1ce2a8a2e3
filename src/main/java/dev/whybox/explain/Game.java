// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.Budget;
import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.image.Image;
import dev.whybox.perturb.AllCoalitions;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.perturb.ShapleyCoalitions;
import dev.whybox.perturb.UniformCoalitions;

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
   * @param targets how many targets are scored
   * @param budget samples and seed
   * @return masks and estimator
   */
  static Game of(BlackBox method, Image content, int targets, Budget budget) {
    long seed = budget.seed();
    int samples = budget.samples() > 0 ? budget.samples() : method.defaultSamples();
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
    Segments segments = segments(((Shap) method).segmentation(), content);
    int players = segments.count();
    long all = players <= Shap.EXACT_PLAYERS ? (1L << players) - 2 : Long.MAX_VALUE;
    if (players <= Shap.EXACT_PLAYERS && (budget.samples() == 0 || budget.samples() >= all)) {
      AllCoalitions design = new AllCoalitions(players);
      return new Game(
          new SegmentMasks(segments, design), ShapEstimator.exact(segments, design, targets));
    }
    ShapleyCoalitions design = new ShapleyCoalitions(players, seed);
    return new Game(
        new SegmentMasks(segments, design),
        ShapEstimator.sampled(segments, design, targets, samples));
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
