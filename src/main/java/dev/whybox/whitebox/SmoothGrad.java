// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.random.Normal;
import dev.whybox.whitebox.GradientPlan.Painter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * SmoothGrad: Smilkov, Thorat, Kim, Viégas, Wattenberg, "SmoothGrad: removing noise by adding
 * noise" (2017). The mean gradient of copies of the image with Gaussian noise; then as {@link
 * Saliency}.
 *
 * @param noise the noise's standard deviation as a part of the image's range of values, above 0 to
 *     1; the paper takes 0.1 to 0.2
 */
public record SmoothGrad(double noise) implements WhiteBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "smooth-grad",
          Approach.WHITE_BOX,
          "the mean gradient of 25 noisy copies",
          "mean gradient of 25 noisy copies",
          "Smilkov et al. 2017",
          "55 per target",
          false,
          MapUnit.GRADIENT,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE),
          List.of(),
          settings -> new SmoothGrad());

  /** Noise of 15 %. */
  public SmoothGrad() {
    this(0.15);
  }

  /**
   * Checks the range.
   *
   * @param noise a part of the image's range of values, above 0 to 1
   * @throws BadArgument where it is outside
   */
  public SmoothGrad {
    if (!(noise > 0 && noise <= 1)) {
      throw new BadArgument(
          "SmoothGrad's noise must be above 0 and at most 1 of the image's range, but is "
              + noise
              + ".");
    }
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  /** All samples are noisy. */
  @Override
  public boolean needsScore() {
    return true;
  }

  @Override
  public GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    float[] planes = setting.planes();
    float[] image = pixels.of(planes);
    Painter plain = Painter.still(planes);
    Normal normal = new Normal(setting.budget().seed());
    double deviation = noise * range(image);
    Painter noisy =
        (sample, into) -> {
          plain.paint(sample, into);
          float[] copy = image.clone();
          normal.add(sample, deviation, copy);
          pixels.write(copy, into);
        };
    return new GradientPlan(
        noisy, setting.samples(this), 1, setting.each(() -> new GradientMagnitude(pixels, false)));
  }

  private static double range(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return greatest - least;
  }

  @Override
  public int defaultSamples() {
    return 25;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("noise", noise);
    return map;
  }
}
