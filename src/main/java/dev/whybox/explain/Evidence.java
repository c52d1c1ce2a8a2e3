// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Optional;
import java.util.OptionalDouble;

/** The basis of an explanation and its quality, by the approach of its method. */
public sealed interface Evidence {

  /**
   * Scores of perturbed images.
   *
   * @param fit the weighted R² of a fit, at most 1; empty for methods without a fit
   * @param estimation how Shapley values were found, or another method's values from their samples;
   *     empty for other methods
   */
  record Sampled(OptionalDouble fit, Optional<Estimation> estimation) implements Evidence {}

  /**
   * Gradients inside the model.
   *
   * @param completenessGap how far the sum of integrated gradients is from the difference of the
   *     logits of the image and the baseline, which it should be; in logits, at least 0; empty for
   *     other methods
   * @param gradientScale the power of two that gradients were multiplied by while they were
   *     computed, and divided by afterwards, where half precision could not hold them otherwise
   *     (loss scaling: Micikevicius et al. 2018); of several samples the last one's; 1 where that
   *     was not needed
   */
  record Differentiated(OptionalDouble completenessGap, double gradientScale) implements Evidence {}

  /** Nothing: the model was not asked. */
  record Guessed() implements Evidence {}
}
