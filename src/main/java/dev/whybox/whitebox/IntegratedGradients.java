// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.whitebox.GradientPlan.Painter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Integrated gradients: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks" (ICML
 * 2017). The gradient along the straight way from the baseline to the image, times their
 * difference, summed over red, green and blue; signed.
 *
 * <p>The values sum to the logit of the image less the logit of the baseline, but for the error of
 * the integral, which is known: {@link dev.whybox.explain.Explanation#completenessGap}. The part of
 * the way with the largest error is halved ({@link IntegrationPath}) until the errors of all parts
 * together are at most {@value #GAP} of that difference, or the samples end.
 *
 * @param baseline where the way begins
 */
public record IntegratedGradients(Baseline baseline) implements WhiteBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "integrated-gradients",
          Approach.WHITE_BOX,
          "gradients on the way from the baseline; signed; the values sum to the fall of the logit, and the gap is stated",
          "gradients on the way from the baseline; signed",
          "Sundararajan et al. 2017",
          "17 to 257 per target",
          true,
          MapUnit.GRADIENT,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.BASELINE),
          List.of(IntegratedGradients::tooFewSteps),
          settings ->
              settings
                  .baseline()
                  .map(IntegratedGradients::new)
                  .orElseGet(IntegratedGradients::new));

  /** The completeness gap that is good enough, as a part of the difference of the logits. */
  public static final double GAP = 0.01;

  /** Image, baseline, and a place between them. */
  private static final long LEAST = 3;

  /** From the blurred image. */
  public IntegratedGradients() {
    this(Baseline.BLUR);
  }

  /**
   * The same method with another baseline.
   *
   * @param other where the way begins
   * @return a changed copy
   */
  public IntegratedGradients withBaseline(Baseline other) {
    return new IntegratedGradients(other);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    float[] planes = setting.planes();
    float[] image = pixels.of(planes);
    Image absent = baseline.of(setting.content(), setting.boxes(), setting.budget().seed());
    float[] empty = pixels.of(setting.letterbox().planes(absent));
    float[] difference = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      difference[i] = image[i] - empty[i];
    }
    long most = Math.max(LEAST, setting.samples(this));
    IntegrationPath path = new IntegrationPath(most);
    Painter plain = Painter.still(planes);
    Painter way =
        (sample, into) -> {
          plain.paint(sample, into);
          pixels.write(between(empty, difference, (float) path.step(sample).position()), into);
        };
    return new GradientPlan(
        way,
        path.used(most),
        path.least(),
        setting.each(() -> new IntegratedGradientsSum(path, pixels, difference)));
  }

  private static float[] between(float[] empty, float[] difference, float position) {
    float[] result = new float[empty.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = empty[i] + position * difference[i];
    }
    return result;
  }

  /** Image and baseline, and five nodes on the whole way and on each half of 25 halvings. */
  @Override
  public int defaultSamples() {
    return 257;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("baseline", baseline.label());
    return map;
  }

  /** The aim is {@link #GAP}; the rounding of scores is left out of this. */
  private static final double TOLERATED = 1.05 * GAP;

  private static Optional<String> tooFewSteps(Explanation why) {
    double fall = logit(why.fullScore()) - logit(why.baselineScore());
    return why.completenessGap().orElse(0) > TOLERATED * Math.abs(fall)
        ? Optional.of("too few steps: the values do not sum to the logit's fall; take more samples")
        : Optional.empty();
  }

  private static double logit(double score) {
    return Math.log(score / (1 - score));
  }
}
