// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.Caveat;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Guided backpropagation: Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for simplicity:
 * the all convolutional net" (ICLR workshop 2015). As {@link Saliency}, but activation functions
 * let only positive gradients back.
 *
 * <p>Its maps look sharp, but do not trust them as explanations: Adebayo, Gilmer, Muelly,
 * Goodfellow, Hardt, Kim, "Sanity checks for saliency maps" (NeurIPS 2018) found that they hardly
 * change when the weights of the network's upper layers are replaced by random ones. They show
 * edges of the image more than reasons of the model.
 */
public record GuidedBackprop() implements WhiteBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "guided-backprop",
          Approach.WHITE_BOX,
          "sharp, but shows edges more than reasons (Adebayo et al. 2018)",
          "sharp, but shows edges more than reasons",
          "Springenberg et al. 2015",
          "2.2 per target",
          false,
          MapUnit.GRADIENT,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE),
          List.of(
              Caveat.always(
                  "guided backpropagation shows edges more than reasons (Adebayo et al. 2018)")),
          settings -> new GuidedBackprop());

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    return setting.once(() -> new GradientMagnitude(pixels, true));
  }

  @Override
  public boolean guided() {
    return true;
  }
}
