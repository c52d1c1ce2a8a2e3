// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Map;

/**
 * A method and its parameters. Each is a small record with the defaults that its paper gives.
 *
 * <p>Black-box methods ask the model about changed images, white-box methods look inside it; a
 * {@link BoxPrior} does neither. {@link #kind} has what all methods of a class share.
 */
public interface Method {

  /**
   * The method's row in the table of methods.
   *
   * @return the same for all parameters
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
   * How many samples are drawn where the caller names no number.
   *
   * @return at least 0
   */
  int defaultSamples();

  /**
   * A number of samples in words, as it stands in the line under the picture.
   *
   * @param samples how many, at least 0
   * @return such as {@code 300 samples}, or {@code 1 pass} where a sample is a pass through the
   *     model and back
   */
  default String effort(int samples) {
    return kind().approach().effort(samples);
  }

  /**
   * The parameters by name, for JSON and the line under the picture.
   *
   * @return names and values (numbers and strings), in a fixed order
   */
  Map<String, Object> parameters();
}
