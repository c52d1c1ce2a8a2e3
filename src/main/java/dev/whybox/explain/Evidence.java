// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.Optional;
import java.util.OptionalDouble;

/** The basis of an explanation and its quality. There is one kind per approach. */
public sealed interface Evidence {

  /**
   * Scores of perturbed images.
   *
   * @param fit the weighted R² of the fit, at most 1; empty for methods without a fit
   * @param estimation how Shapley values, or values predicted from their samples, were estimated;
   *     empty for other methods
   */
  record Sampled(OptionalDouble fit, Optional<Estimation> estimation) implements Evidence {}

  /**
   * Gradients inside the model.
   *
   * @param completenessGap of integrated gradients: the absolute difference between the sum of the
   *     values and its theoretical value, the logit of the image minus that of the baseline. In
   *     logits, at least 0; empty for other methods
   * @param gradientScale the power of two that gradients were multiplied by while they were
   *     computed, and divided by afterwards, because half precision could not hold them otherwise
   *     (loss scaling: Micikevicius et al. 2018). Of several samples, the last one's; 1 if no
   *     scaling was needed
   */
  record Differentiated(OptionalDouble completenessGap, double gradientScale) implements Evidence {}

  /** Nothing: the model was not run. */
  record Guessed() implements Evidence {}
}
