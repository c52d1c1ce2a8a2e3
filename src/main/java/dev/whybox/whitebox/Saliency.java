// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Saliency: Simonyan, Vedaldi, Zisserman, "Deep inside convolutional networks: visualising image
 * classification models and saliency maps" (ICLR workshop 2014). The size of the gradient at every
 * pixel, the greatest over red, green and blue: how much the logit would change if the pixel
 * changed a little.
 */
public record Saliency() implements WhiteBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "saliency",
          Approach.WHITE_BOX,
          "the size of the logit's gradient at every pixel",
          "size of the gradient at every pixel",
          "Simonyan et al. 2014",
          "2.2 per target",
          false,
          MapUnit.GRADIENT,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE),
          List.of(),
          settings -> new Saliency());

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    return setting.once(() -> new GradientMagnitude(pixels, true));
  }
}
