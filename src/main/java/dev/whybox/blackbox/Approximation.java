// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Estimation;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How Shapley values are estimated where not every coalition is evaluated. */
public enum Approximation {
  /**
   * {@link #GAUSSIAN}, corrected by random pairs where there are more samples than it takes; or
   * {@link #LEVERAGE} where a deadline is too short for its mathematics.
   */
  AUTO,
  /** KernelSHAP (Lundberg and Lee 2017) with pairs of complements (Covert and Lee 2021). */
  KERNEL,
  /** Leverage SHAP (Musco and Witter 2025). */
  LEVERAGE,
  /** Antithetic permutations (Mitchell et al. 2022). */
  PERMUTATION,
  /** A Gaussian process on coalitions that it chooses itself, wave by wave. */
  GAUSSIAN,
  /** Boosted trees on coalitions with a correction of what they miss (Witter et al. 2025). */
  TREES,
  /** The coalitions of {@link #GAUSSIAN}; processes, trees and a linear game weighed by errors. */
  MIXTURE,
  /**
   * {@link #GAUSSIAN} from coarse to fine: begins with 4 × 4 blocks of a grid and cuts those that
   * carry value into four, down to the grid's cells. The values are nested Owen values (Winter
   * 1989) of the blocks: parts sum to their whole.
   */
  REFINE;

  /**
   * The name on the command line and in JSON.
   *
   * @return in lower case
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a label.
   *
   * @param text in any case
   * @return the approximation
   * @throws BadArgument where there is none of that name
   */
  public static Approximation parse(String text) {
    for (Approximation approximation : values()) {
      if (approximation.label().equalsIgnoreCase(text)) {
        return approximation;
      }
    }
    throw new BadArgument(
        "An estimator is "
            + Arrays.stream(values()).map(Approximation::label).collect(Collectors.joining(", "))
            + "; found '"
            + text
            + "'.");
  }

  /** An estimator that takes all of the samples that were asked for. */
  Estimation estimation(String reason, long asked) {
    return new Estimation(label(), reason, asked, asked);
  }

  /** The same, where the method names the estimator. */
  Estimation asked(long samples) {
    return estimation("asked for", samples);
  }
}
