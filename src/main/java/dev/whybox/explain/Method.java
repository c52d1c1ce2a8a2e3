// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Map;

/**
 * A method and its parameters. Each is a small record with the defaults that its paper gives.
 *
 * <p>Black-box methods ask the model about changed images, white-box methods look inside it; a
 * {@link BoxPrior} does neither.
 */
public interface Method {

  /**
   * The name on the command line, in files and in JSON.
   *
   * @return such as {@code shap} or {@code grad-cam}
   */
  String name();

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
  String effort(int samples);

  /**
   * The parameters by name, for JSON and the line under the picture.
   *
   * @return names and values (numbers and strings), in a fixed order
   */
  Map<String, Object> parameters();

  /**
   * Whether the method has nothing to say before it has seen samples of the model, so that a
   * deadline may be too short for it.
   *
   * @return true for methods that ask the model about changed images
   */
  default boolean needsSamples() {
    return false;
  }
}
