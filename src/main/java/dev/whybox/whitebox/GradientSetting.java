// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Budget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.whitebox.GradientPlan.Painter;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a white-box method is asked, once the image is prepared.
 *
 * @param letterbox how the image is fitted into the input
 * @param content the image as the letterbox has resized it, without the padding
 * @param boxes the targets' boxes in pixels of the content, at least one
 * @param layers of each target, the shapes [batch, channels, height, width] of the tensors at which
 *     the target is differentiated
 * @param budget samples, deadline, seed
 */
public record GradientSetting(
    Letterbox letterbox, Image content, List<Box> boxes, List<List<long[]>> layers, Budget budget) {

  /**
   * Reads and writes the content's pixels in the model's input.
   *
   * @return the pixels of this image
   */
  public Pixels pixels() {
    return new Pixels(letterbox);
  }

  /**
   * The image as the model's input, with padding.
   *
   * @return {@code 3 × height × width} values in [0,1]
   */
  public float[] planes() {
    return letterbox.planes(content);
  }

  /**
   * How many samples to take at most.
   *
   * @param method whose own number is taken where the budget names none
   * @return at least 1
   */
  public int samples(WhiteBox method) {
    return budget.samples() > 0 ? budget.samples() : method.defaultSamples();
  }

  /**
   * One pass at the image itself.
   *
   * @param estimator makes the estimator of each target
   * @return the plan
   */
  public GradientPlan once(Supplier<? extends GradientEstimator> estimator) {
    return new GradientPlan(Painter.still(planes()), 1, 1, each(estimator));
  }

  /**
   * One estimator per target.
   *
   * @param estimator makes them
   * @return as many as there are targets
   */
  public List<GradientEstimator> each(Supplier<? extends GradientEstimator> estimator) {
    return boxes.stream().<GradientEstimator>map(box -> estimator.get()).toList();
  }
}
