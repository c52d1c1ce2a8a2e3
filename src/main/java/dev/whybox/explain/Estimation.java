// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * How the values of an explanation were estimated. Shapley values have one, since {@code auto}
 * leaves the estimator open and few segments need no estimate at all. A method whose values are
 * predicted from the samples of Shapley values has one, too.
 *
 * @param estimator the name of an estimator of Shapley values, {@value #CORRECTED} or {@value
 *     #EXACT}
 * @param reason why this estimator was taken, a clause without a full stop
 * @param asked the number of samples that were asked for, or the method's own number
 * @param most the number of these samples that the estimator can use
 * @param hintFailure why the gradient could not tell beforehand which segments may matter, a
 *     sentence; null if it did, or was not asked. The estimate only takes longer to become exact
 */
public record Estimation(
    String estimator, String reason, long asked, long most, String hintFailure) {
  /** The name for evaluating every coalition. */
  public static final String EXACT = "exact";

  /**
   * The name of a Gaussian process that is corrected by random pairs it was not fitted to ({@link
   * dev.whybox.shapley.ProcessCorrection}).
   */
  public static final String CORRECTED = "gaussian, corrected";

  /**
   * An estimation without a failure.
   *
   * @param estimator the name of an estimator
   * @param reason why it was taken, a clause without a full stop
   * @param asked the number of samples that were asked for, or the method's own number
   * @param most the number of these samples that the estimator can use
   */
  public Estimation(String estimator, String reason, long asked, long most) {
    this(estimator, reason, asked, most, null);
  }

  /**
   * Notes that the gradient gave no hint.
   *
   * @param why a sentence
   * @return a changed copy
   */
  public Estimation withoutHint(String why) {
    return new Estimation(estimator, reason, asked, most, why);
  }

  /**
   * The estimation of another method whose values come from the same samples, without a forward
   * pass of its own.
   *
   * @param method the name of the method that drew the samples
   * @param samples the number of samples
   * @return the other method's estimation
   */
  public Estimation sharedWith(String method, long samples) {
    String from = "%s samples of %s".formatted(samples, method);
    boolean known = EXACT.equals(estimator) && samples == most;
    return known
        ? new Estimation(EXACT, "from the " + from + ", which are all coalitions", samples, samples)
        : new Estimation("gaussian", "predicted from the " + from, samples, samples);
  }

  /**
   * Whether the estimator used fewer samples than were asked for because it cannot use more. A
   * single sample left over by pairing does not count.
   *
   * @return false if all samples that were asked for can be used
   */
  public boolean capped() {
    return most < (asked & ~1);
  }
}
