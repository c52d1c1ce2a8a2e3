// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.Map;

/**
 * Input × gradient: Shrikumar, Greenside, Shcherbina, Kundaje, "Not just a black box: learning
 * important features through propagating activation differences" (2016). The gradient at every
 * pixel times the pixel, summed over red, green and blue; signed. Black pixels count for nothing.
 */
public record InputXGradient() implements WhiteBox {
  @Override
  public String name() {
    return "input-x-gradient";
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
