// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Method;
import java.util.Map;

/**
 * A method that looks inside the model: at gradients of the target's logit. A sample is one forward
 * and one backward pass.
 *
 * <p>The logit is the class score, before the sigmoid, of the anchor that produced the box; for a
 * box that the user asks about, of the anchor that agrees best with it.
 */
public interface WhiteBox extends Method {

  /**
   * Whether activation functions let only positive gradients back.
   *
   * @return true for guided backpropagation alone
   */
  default boolean guided() {
    return false;
  }

  /**
   * Whether a forward pass of the image itself must tell the score, since no sample shows it.
   *
   * @return true for methods whose samples are all changed images
   */
  default boolean needsScore() {
    return false;
  }

  /**
   * At which images to differentiate, and what makes values of the gradients.
   *
   * @param setting the image, the targets and the budget
   * @return a plan for one run
   */
  GradientPlan plan(GradientSetting setting);

  @Override
  default int defaultSamples() {
    return 1;
  }

  @Override
  default Map<String, Object> parameters() {
    return Map.of();
  }
}
