// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Attribution;
import dev.whybox.explain.Estimation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Turns scores into values, wave by wave. The order of samples is fixed, so the result does not
 * depend on how they were cut into waves. For one thread at a time.
 */
public interface Estimator {

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
   * @return empty for other methods
   */
  default Optional<Estimation> estimation() {
    return Optional.empty();
  }

  /**
   * Decides how to go on; called when at least as many samples were accepted as the {@link
   * #checkpoint} says, unless all are ready. Afterwards more are ready, or the checkpoint is
   * further on.
   *
   * @param references the scores of the full image and of the baseline
   * @param outlook the time that is left
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
   * @return one estimate per target
   */
  List<Estimate> estimate(References references);

  /**
   * The prediction of all coalitions' scores from the scores so far.
   *
   * @param references the scores of the full image and of the baseline
   * @return empty where this estimator predicts no scores
   */
  default Optional<SurrogateModel> surrogate(References references) {
    return Optional.empty();
  }

  /**
   * Values of one target.
   *
   * @param attribution the values
   * @param fit the weighted R² of a fit; empty for methods without one
   */
  record Estimate(Attribution attribution, OptionalDouble fit) {

    /**
     * Values of a method without a fit.
     *
     * @param attribution the values
     */
    public Estimate(Attribution attribution) {
      this(attribution, OptionalDouble.empty());
    }
  }

  /**
   * The time there is.
   *
   * @param secondsPerImage the time per forward pass, as measured last
   * @param left seconds until the deadline, less the time that the estimate needs; infinity where
   *     there is none
   */
  record Outlook(double secondsPerImage, double left) {
    /**
     * Whether there is a deadline.
     *
     * @return false where {@link #left} is infinite
     */
    boolean timed() {
      return left < Double.POSITIVE_INFINITY;
    }
  }

  /**
   * Scores every method needs.
   *
   * @param full one score per target, of the unperturbed image
   * @param empty one score per target, of the baseline
   */
  record References(float[] full, float[] empty) {
    /**
     * What each target's values sum to.
     *
     * @return the score of the full image less that of the baseline, one per target
     */
    double[] gains() {
      double[] gains = new double[full.length];
      for (int t = 0; t < gains.length; t++) {
        gains[t] = (double) full[t] - empty[t];
      }
      return gains;
    }

    /**
     * The targets with the greatest gain, of equals the first: those that have a say in a design.
     *
     * @param most how many at most
     * @return their numbers, the greatest gain first
     */
    List<Integer> heard(int most) {
      double[] gains = gains();
      // A stable sort: of equals the first.
      return IntStream.range(0, gains.length)
          .boxed()
          .sorted(Comparator.comparing((Integer t) -> -Math.abs(gains[t])))
          .limit(most)
          .toList();
    }
  }
}
