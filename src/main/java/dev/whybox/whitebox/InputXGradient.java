// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Input × gradient: Shrikumar, Greenside, Shcherbina, Kundaje, "Not just a black box: learning
 * important features through propagating activation differences" (2016). The gradient at every
 * pixel times the pixel, summed over red, green and blue; signed. Black pixels count for nothing.
 */
public record InputXGradient() implements WhiteBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "input-x-gradient",
          Approach.WHITE_BOX,
          "gradient × pixel; signed",
          "gradient times pixel; signed",
          "Shrikumar et al. 2016",
          "2.2 per target",
          true,
          MapUnit.GRADIENT,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE),
          List.of(),
          settings -> new InputXGradient());

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    float[] image = pixels.of(setting.planes());
    return setting.once(() -> GradientTimesInput.once(pixels, image));
  }
}
