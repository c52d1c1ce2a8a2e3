// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Method;

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
}
