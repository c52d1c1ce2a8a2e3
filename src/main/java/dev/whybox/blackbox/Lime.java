// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.UniformCoalitions;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.explain.MethodSettings;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.TargetSimilarity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * LIME: Ribeiro, Singh, Guestrin, "Why should I trust you?" (KDD 2016). A ridge regression of the
 * score on which segments are present, weighted by how near a coalition is to the full image:
 * exp(−d²/σ²), d the cosine distance to the full image.
 *
 * @param segmentation the segments
 * @param kernelWidth σ, above 0; the paper's code takes 0.25
 * @param ridge the ridge penalty, at least 0; the paper's code takes 1
 * @param baseline how an absent pixel looks
 * @param similarity how a perturbed image is scored
 */
public record Lime(
    Segmentation segmentation,
    double kernelWidth,
    double ridge,
    Baseline baseline,
    TargetSimilarity similarity)
    implements FromSurrogate {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "lime",
          Approach.BLACK_BOX,
          "the local linear effect of each segment; signed; with its R²",
          "weights of a local linear model of segments",
          "Ribeiro et al. 2016",
          "1,002; none beside `shap` (`--method shap,lime`)",
          true,
          MapUnit.SCORE,
          Set.of(
              MethodOption.SAMPLES,
              MethodOption.DEADLINE,
              MethodOption.SEGMENTS,
              MethodOption.BASELINE,
              MethodOption.SIMILARITY),
          List.of(),
          Lime::of);

  /** The paper's parameters on about 100 superpixels, Whybox's default baseline and score. */
  public Lime() {
    this(Segmentation.slic(100), 0.25, 1, Baseline.BLUR, TargetSimilarity.PROBABILITY);
  }

  /**
   * Checks the ranges.
   *
   * @param segmentation the segments
   * @param kernelWidth above 0
   * @param ridge at least 0
   * @param baseline how an absent pixel looks
   * @param similarity how a perturbed image is scored
   * @throws BadArgument where a parameter is outside its range
   */
  public Lime {
    if (!(kernelWidth > 0 && kernelWidth < Double.POSITIVE_INFINITY)) {
      throw new BadArgument("LIME's kernel width must be above 0, but is " + kernelWidth + ".");
    }
    if (!(ridge >= 0 && ridge < Double.POSITIVE_INFINITY)) {
      throw new BadArgument("LIME's ridge penalty must be at least 0, but is " + ridge + ".");
    }
  }

  private static Lime of(MethodSettings settings) {
    Lime lime = new Lime();
    return new Lime(
        settings.segmentation().orElse(lime.segmentation),
        lime.kernelWidth,
        lime.ridge,
        settings.baseline().orElse(lime.baseline),
        settings.similarity().orElse(lime.similarity));
  }

  @Override
  public Plan plan(Setting setting) {
    Segments segments = Shap.segments(segmentation, setting);
    UniformCoalitions design = new UniformCoalitions(segments.count(), setting.budget().seed());
    return new Plan(
        new SegmentMasks(segments, design),
        new LimeEstimator(this, segments, design, setting.targets(), setting.samples(this)));
  }

  @Override
  public List<Estimator.Estimate> estimate(SurrogateModel surrogate, long seed) {
    PredictedLime predicted = new PredictedLime(this, surrogate.segments(), seed);
    return surrogate.games().stream().map(predicted::estimate).toList();
  }

  /** exp(−d²/σ²), d = 1 − cosine of the coalition's and the full image's vectors. */
  double weight(int size, int players) {
    double distance = 1 - Math.sqrt((double) size / players);
    return Math.exp(-distance * distance / (kernelWidth * kernelWidth));
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public int defaultSamples() {
    return 1000;
  }

  /**
   * The same method with other segments.
   *
   * @param other the players
   * @return a changed copy
   */
  public Lime withSegmentation(Segmentation other) {
    return new Lime(other, kernelWidth, ridge, baseline, similarity);
  }

  /**
   * The same method with another baseline.
   *
   * @param other how an absent pixel looks
   * @return a changed copy
   */
  public Lime withBaseline(Baseline other) {
    return new Lime(segmentation, kernelWidth, ridge, other, similarity);
  }

  /**
   * The same method with another score.
   *
   * @param other how a perturbed image is scored
   * @return a changed copy
   */
  public Lime withSimilarity(TargetSimilarity other) {
    return new Lime(segmentation, kernelWidth, ridge, baseline, other);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("segments", segmentation.toString());
    map.put("kernelWidth", kernelWidth);
    map.put("ridge", ridge);
    map.put("baseline", baseline.label());
    map.put("agreement", similarity.label());
    return map;
  }
}
