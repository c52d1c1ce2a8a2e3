// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Method;
import dev.whybox.image.Baseline;
import dev.whybox.yolo.Agreement;

/**
 * A method that learns from the scores of images with parts missing, so that it needs to know
 * nothing of the model. A sample is such an image.
 */
public sealed interface BlackBox extends Method permits DRise, Lime, Shap {

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
  BlackBox withBaseline(Baseline other);

  /**
   * The same method with another score.
   *
   * @param other how a perturbed image is scored
   * @return a changed copy
   */
  BlackBox withAgreement(Agreement other);

  @Override
  default boolean needsSamples() {
    return true;
  }

  @Override
  default String effort(int samples) {
    return samples + (samples == 1 ? " sample" : " samples");
  }
}
