// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * How the values of an explanation were found: Shapley values, which the method leaves open where
 * it says {@code auto}, or where there are so few segments that nothing need be estimated; and what
 * another method makes of the samples that Shapley values rest on.
 *
 * @param estimator the name of an estimator of Shapley values, {@value #CORRECTED} or {@value
 *     #EXACT}
 * @param reason why this one, a clause without a full stop
 * @param asked samples that were asked for, or the method's own number
 * @param most samples that the estimator takes at most, of those
 */
public record Estimation(String estimator, String reason, long asked, long most) {
  /** The name of what evaluates every coalition. */
  public static final String EXACT = "exact";

  /**
   * The name of a process that random pairs beyond those it was fitted to correct ({@link
   * dev.whybox.shapley.ProcessCorrection}).
   */
  public static final String CORRECTED = "gaussian, corrected";

  /**
   * What another method has from the samples of a method that was found in this way; it ran no
   * forward.
   *
   * @param method whose samples they are
   * @param samples how many
   */
  public Estimation sharedWith(String method, long samples) {
    String from = "%s samples of %s".formatted(samples, method);
    boolean known = EXACT.equals(estimator) && samples == most;
    return known
        ? new Estimation(EXACT, "from the " + from + ", which are all coalitions", samples, samples)
        : new Estimation("gaussian", "predicted from the " + from, samples, samples);
  }

  /**
   * Whether fewer samples were taken than were asked for because the estimator takes no more; an
   * odd one that is left out does not count.
   *
   * @return false where all that was asked for can be used
   */
  public boolean capped() {
    return most < (asked & ~1);
  }
}
