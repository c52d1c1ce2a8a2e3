// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.List;

/**
 * Turns scores into values, wave by wave. The order of samples is fixed, so the result does not
 * depend on how they were cut into waves. For one thread at a time.
 */
interface Estimator {

  /**
   * How many samples the estimator can use at most.
   *
   * @return at least 0
   */
  long samples();

  /**
   * How many samples can be drawn by now. Where that is less than all, the rest is decided on when
   * the scores of these are there.
   *
   * @return more than were accepted, unless all were
   */
  default long ready() {
    return samples();
  }

  /**
   * How many samples must be accepted before the estimator can decide how to go on. It may be fewer
   * than are ready, so that forwards run while it thinks.
   *
   * @return at most {@link #ready}
   */
  default long checkpoint() {
    return ready();
  }

  /**
   * How Shapley values are found.
   *
   * @return null for other methods
   */
  default Estimation estimation() {
    return null;
  }

  /**
   * Decides how to go on; called when at least as many samples were accepted as the {@link
   * #checkpoint} says, unless all are ready. Afterwards more are ready, or the checkpoint is
   * further on.
   *
   * @param references the scores of the full image and of the baseline
   * @param outlook what time there is
   * @return false where no more samples are needed
   */
  default boolean advance(References references, Outlook outlook) {
    return true;
  }

  /**
   * Takes the scores of the next samples.
   *
   * @param first the first sample's number: all before it were taken
   * @param count how many
   * @param scores {@code count × targets} values, sample by sample
   */
  void accept(long first, int count, float[] scores);

  /**
   * The best values so far.
   *
   * @param references the scores of the full image and of the baseline
   * @return one estimate a target
   */
  List<Estimate> estimate(References references);

  /**
   * Values of one target.
   *
   * @param attribution the values
   * @param fit LIME's R², else NaN
   */
  record Estimate(Attribution attribution, double fit) {}

  /**
   * The time there is.
   *
   * @param secondsPerImage what a forward pass takes, as measured last
   * @param left seconds until the deadline, less what the estimate needs; infinity where there is
   *     none
   */
  record Outlook(double secondsPerImage, double left) {
    /** Whether there is a deadline. */
    boolean timed() {
      return left < Double.POSITIVE_INFINITY;
    }
  }

  /**
   * Scores every method needs.
   *
   * @param full one score a target, of the unperturbed image
   * @param empty one score a target, of the baseline
   */
  record References(float[] full, float[] empty) {}
}
