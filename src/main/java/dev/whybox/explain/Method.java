// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.image.Baseline;
import dev.whybox.yolo.Agreement;
import java.util.Map;

/** A method and its parameters. Each is a small record with the defaults that its paper gives. */
public sealed interface Method permits DRise, Lime, Shap {

  /**
   * The name on the command line, in files and in JSON.
   *
   * @return {@code d-rise}, {@code lime} or {@code shap}
   */
  String name();

  /**
   * How many samples are drawn where the caller names no number.
   *
   * @return at least 1
   */
  int defaultSamples();

  /**
   * What an absent pixel shows.
   *
   * @return the baseline
   */
  Baseline baseline();

  /**
   * How the score of a perturbed image is taken.
   *
   * @return the agreement between an anchor and the target
   */
  Agreement agreement();

  /**
   * The same method with another baseline.
   *
   * @param other what an absent pixel shows
   * @return a changed copy
   */
  Method withBaseline(Baseline other);

  /**
   * The same method with another score.
   *
   * @param other how a perturbed image is scored
   * @return a changed copy
   */
  Method withAgreement(Agreement other);

  /**
   * The parameters by name, for JSON and the line under the picture.
   *
   * @return names and values (numbers and strings), in a fixed order
   */
  Map<String, Object> parameters();
}
