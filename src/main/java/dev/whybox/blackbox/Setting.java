// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a black-box method is asked, once the image is prepared.
 *
 * @param content the image as the letterbox has resized it, without the padding
 * @param boxes the targets' boxes in pixels of the content, at least one
 * @param saliency gives the size of the gradient at every pixel of the content, one map per target;
 *     an empty list where there is no gradient. It costs one pass per target, so a method asks only
 *     where it has a use for it
 * @param budget samples, deadline, goal for the error, seed
 * @param threads threads for the mathematics, at least 1
 * @param segmenting cuts the content; the segments of a picture that was seen before are kept
 * @param surrogate whether another method wants to be predicted from this one's samples
 */
public record Setting(
    Image content,
    List<Box> boxes,
    Supplier<List<PixelValues>> saliency,
    Budget budget,
    int threads,
    Function<Segmentation, Segments> segmenting,
    boolean surrogate) {

  /**
   * How many targets are explained.
   *
   * @return at least 1
   */
  public int targets() {
    return boxes.size();
  }

  /**
   * How many samples to draw at most.
   *
   * @param method whose own number is taken where the budget names none
   * @return at least 1
   */
  public int samples(BlackBox method) {
    return budget.samples() > 0 ? budget.samples() : method.defaultSamples();
  }
}
