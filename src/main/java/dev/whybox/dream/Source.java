// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import java.util.List;

/**
 * The tensors of a model's graph from which a target's value is read.
 *
 * @param tensors the names of the tensors in the ONNX file
 * @param unit {@code logit}, {@code logit less distance} (of a detection), {@code activation}, or
 *     {@code pre-activation}, the input of an activation function
 * @param function the activation function that reads a pre-activation, such as {@code SiLU}; null
 *     for other units
 */
public record Source(List<String> tensors, String unit, String function) {

  /**
   * Describes the source.
   *
   * @return such as {@code /model.15/cv2/conv/Conv_output_0, read by SiLU}
   */
  public String label() {
    return String.join(", ", tensors) + (function == null ? "" : ", read by " + function);
  }
}
