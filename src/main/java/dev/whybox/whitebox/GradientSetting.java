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
record GradientSetting(
    Letterbox letterbox, Image content, List<Box> boxes, List<List<long[]>> layers, Budget budget) {

  /** Reads and writes the content's pixels in the model's input. */
  Pixels pixels() {
    return new Pixels(letterbox);
  }

  /** The image as the model's input, with padding. */
  float[] planes() {
    return letterbox.planes(content);
  }

  /** How many samples the budget allows, or the method's own number. */
  int samples(WhiteBox method) {
    return budget.samples() > 0 ? budget.samples() : method.defaultSamples();
  }

  /** One pass at the image itself, with an estimator of its own for each target. */
  GradientPlan once(Supplier<? extends GradientEstimator> estimator) {
    return new GradientPlan(Painter.still(planes()), 1, 1, each(estimator));
  }

  /** One estimator per target. */
  List<GradientEstimator> each(Supplier<? extends GradientEstimator> estimator) {
    return boxes.stream().<GradientEstimator>map(box -> estimator.get()).toList();
  }
}
