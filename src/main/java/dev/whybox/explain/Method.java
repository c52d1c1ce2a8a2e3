// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Map;

/**
 * A method and its parameters. Each method is a small record with the defaults of its paper.
 *
 * <p>Black-box methods run the model on changed images. White-box methods read its gradients and
 * activations. A {@link BoxPrior} does neither. {@link #kind} holds everything that does not depend
 * on the parameters.
 */
public interface Method {

  /**
   * The method's row in the table of methods.
   *
   * @return the row; the same for all parameters
   */
  MethodKind kind();

  /**
   * The name on the command line, in files and in JSON.
   *
   * @return such as {@code shap} or {@code grad-cam}
   */
  default String name() {
    return kind().name();
  }

  /**
   * The number of samples if the caller names none.
   *
   * @return at least 0
   */
  int defaultSamples();

  /**
   * A number of samples in words, for the line below the picture.
   *
   * @param samples the number, at least 0
   * @return such as {@code 300 samples}, or {@code 1 pass} if a sample is a forward and backward
   *     pass
   */
  default String effort(int samples) {
    return kind().approach().effort(samples);
  }

  /**
   * The parameters by name, for JSON and for the line below the picture.
   *
   * @return names and values (numbers and strings), in a fixed order
   */
  Map<String, Object> parameters();
}
