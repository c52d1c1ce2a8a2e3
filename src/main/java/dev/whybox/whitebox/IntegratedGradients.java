// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.image.Baseline;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Integrated gradients: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks" (ICML
 * 2017). The gradient along the straight way from the baseline to the image, times their
 * difference, summed over red, green and blue; signed.
 *
 * <p>The values sum to the logit of the image less the logit of the baseline, but for the error of
 * the integral, which is known: {@link dev.whybox.explain.Explanation#completenessGap}. The steps
 * are doubled, and those taken kept, until it is under {@value #GAP} of that difference, or the
 * samples end.
 *
 * @param baseline where the way begins
 */
public record IntegratedGradients(Baseline baseline) implements WhiteBox {

  /** The completeness gap that is good enough, as a part of the difference of the logits. */
  public static final double GAP = 0.01;

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
  public String name() {
    return "integrated-gradients";
  }

  /** At most 256 steps. */
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
}
