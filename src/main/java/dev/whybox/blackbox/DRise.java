// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.explain.MethodSettings;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.yolo.TargetSimilarity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * D-RISE: Petsiuk, Jain, Manjunatha, Morariu, Mehra, Ordonez, Saenko, "Black-box explanation of
 * object detectors via saliency maps" (CVPR 2021). Random smooth masks; the map is their mean,
 * weighted by the target's score.
 *
 * @param grid cells of the mask along each side of the image, 2 to 64; the paper takes 16
 * @param keep the probability that a cell keeps its pixels, in (0,1); the paper takes 0.5
 * @param baseline how an absent pixel looks
 * @param similarity how a perturbed image is scored
 */
public record DRise(int grid, double keep, Baseline baseline, TargetSimilarity similarity)
    implements BlackBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "d-rise",
          Approach.BLACK_BOX,
          "a smooth map of the pixels that the box needs",
          "smooth map from random masks, without sign",
          "D-RISE, Petsiuk et al. 2021",
          "5,002",
          false,
          MapUnit.SCORE,
          Set.of(
              MethodOption.SAMPLES,
              MethodOption.DEADLINE,
              MethodOption.BASELINE,
              MethodOption.SIMILARITY),
          List.of(),
          DRise::of);

  /** The paper's parameters, the mean colour as RISE's authors take it, Whybox's score. */
  public DRise() {
    this(16, 0.5, Baseline.MEAN, TargetSimilarity.PROBABILITY);
  }

  /**
   * Checks the ranges.
   *
   * @param grid cells along each side, 2 to 64
   * @param keep probability to keep a cell, in (0,1)
   * @param baseline how an absent pixel looks
   * @param similarity how a perturbed image is scored
   * @throws BadArgument where a parameter is outside its range
   */
  public DRise {
    if (grid < 2 || grid > 64) {
      throw new BadArgument("D-RISE's grid must be 2 to 64 cells a side, but is " + grid + ".");
    }
    if (!(keep > 0 && keep < 1)) {
      throw new BadArgument(
          "D-RISE's probability to keep a cell must lie between 0 and 1, but is " + keep + ".");
    }
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  private static DRise of(MethodSettings settings) {
    DRise rise = new DRise();
    return new DRise(
        rise.grid,
        rise.keep,
        settings.baseline().orElse(rise.baseline),
        settings.similarity().orElse(rise.similarity));
  }

  @Override
  public Plan plan(Setting setting) {
    RiseMasks masks =
        new RiseMasks(
            setting.content().width(),
            setting.content().height(),
            grid,
            keep,
            setting.budget().seed());
    return new Plan(masks, new RiseEstimator(masks, setting.targets(), setting.samples(this)));
  }

  @Override
  public int defaultSamples() {
    return 5000;
  }

  /**
   * The same method with another baseline.
   *
   * @param other how an absent pixel looks
   * @return a changed copy
   */
  public DRise withBaseline(Baseline other) {
    return new DRise(grid, keep, other, similarity);
  }

  /**
   * The same method with another score.
   *
   * @param other how a perturbed image is scored
   * @return a changed copy
   */
  public DRise withSimilarity(TargetSimilarity other) {
    return new DRise(grid, keep, baseline, other);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("grid", grid);
    map.put("keep", keep);
    map.put("baseline", baseline.label());
    map.put("agreement", similarity.label());
    return map;
  }
}
