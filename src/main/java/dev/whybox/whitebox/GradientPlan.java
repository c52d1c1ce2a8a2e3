// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.List;

/**
 * What a white-box method does on an image: which images it differentiates at, and what makes
 * values of the gradients.
 *
 * @param painter shows the image of a sample
 * @param samples how many there are at most
 * @param least how many it takes for a map
 * @param estimators one per target
 */
public record GradientPlan(
    Painter painter, long samples, long least, List<? extends GradientEstimator> estimators) {

  /** Shows the image of a sample: {@code 3 × height × width} values of the input. */
  @FunctionalInterface
  public interface Painter {
    /**
     * Shows one image.
     *
     * @param sample the sample's number, from 0
     * @param planes receives the image
     */
    void paint(long sample, float[] planes);

    /**
     * Shows the same image in every sample.
     *
     * @param image {@code 3 × height × width} values of the input
     * @return a painter
     */
    static Painter still(float[] image) {
      return (sample, into) -> System.arraycopy(image, 0, into, 0, image.length);
    }
  }
}
