// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import java.util.List;

/**
 * Where in a model's graph a target's value is read.
 *
 * @param tensors the names of the tensors, of the ONNX file, whose elements the value is made of
 * @param unit {@code logit}, {@code logit less distance} of a detection, {@code activation}, or
 *     {@code pre-activation}: what an activation function reads
 * @param function the activation function that reads it, such as {@code SiLU}, of a pre-activation;
 *     else null
 */
public record Source(List<String> tensors, String unit, String function) {

  /**
   * The source in words.
   *
   * @return such as {@code /model.15/cv2/conv/Conv_output_0, read by SiLU}
   */
  public String label() {
    return String.join(", ", tensors) + (function == null ? "" : ", read by " + function);
  }
}
