// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.Map;

/**
 * Saliency: Simonyan, Vedaldi, Zisserman, "Deep inside convolutional networks: visualising image
 * classification models and saliency maps" (ICLR workshop 2014). The size of the gradient at every
 * pixel, the greatest over red, green and blue: how much the logit would change if the pixel
 * changed a little.
 */
public record Saliency() implements WhiteBox {
  @Override
  public String name() {
    return "saliency";
  }

  @Override
  public int defaultSamples() {
    return 1;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of();
  }
}
