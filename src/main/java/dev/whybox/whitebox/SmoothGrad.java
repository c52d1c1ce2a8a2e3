// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
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
