// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.Map;

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
  @Override
  public String name() {
    return "guided-backprop";
  }

  @Override
  public int defaultSamples() {
    return 1;
  }

  @Override
  public boolean guided() {
    return true;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of();
  }
}
