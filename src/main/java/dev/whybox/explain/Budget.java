// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.error.WhyboxException.BadArgument;
import java.time.Duration;

/**
 * The limits of an explanation. The first limit that is reached ends the run.
 *
 * @param samples the largest number of perturbed images, or 0 for the method's own number
 * @param deadline the time from the call to the result, or null for none. It is checked before
 *     every wave of samples, against the measured time of a forward pass
 * @param error a goal for the relative standard error √(Σ SE² / Σ φ²) of {@link
 *     dev.whybox.blackbox.Shap}'s values: the run stops when every target has reached it. 0 for no
 *     goal; other methods refuse a goal
 * @param seed the seed of all random numbers
 * @param fallback the method that answers if the deadline leaves a black-box method no time for a
 *     sample; null if that is an error
 */
public record Budget(int samples, Duration deadline, double error, long seed, Method fallback) {

  /** Longer than any run; sums of times in nanoseconds stay far below what a number holds. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** The method's own number of samples, no deadline, seed 0, no fallback. */
  public static final Budget DEFAULT = new Budget(0, null, 0, 0, null);

  /**
   * Checks the ranges.
   *
   * @param samples at least 0
   * @param deadline above 0, at most 365 days, or null
   * @param error at least 0, finite
   * @param seed any
   * @param fallback a method that is not a black-box method, or null
   * @throws BadArgument if a limit is outside its range
   */
  public Budget {
    if (samples < 0) {
      throw new BadArgument("The number of samples must be at least 1, but is " + samples + ".");
    }
    if (!(error >= 0 && error < Double.POSITIVE_INFINITY)) {
      throw new BadArgument("The error must be above 0, such as 0.05, but is " + error + ".");
    }
    if (fallback != null && fallback.kind().approach() == Approach.BLACK_BOX) {
      throw new BadArgument(
          "A fallback must need no samples, such as box or layer-cam, but is "
              + fallback.name()
              + ".");
    }
    if (deadline != null
        && (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST) > 0)) {
      throw new BadArgument(
          "The deadline must be above 0 and at most 365 days, but is "
              + deadline
              + " (hours, minutes, seconds). For no limit leave it out.");
    }
  }

  /**
   * Changes the number of samples.
   *
   * @param number the largest number of perturbed images, at least 1
   * @return a changed copy
   * @throws BadArgument if the number is below 1
   */
  public Budget withSamples(int number) {
    if (number < 1) {
      throw new BadArgument("The number of samples must be at least 1, but is " + number + ".");
    }
    return new Budget(number, deadline, error, seed, fallback);
  }

  /**
   * Changes the deadline.
   *
   * @param time the time from the call to the result, above 0, at most 365 days
   * @return a changed copy
   */
  public Budget withDeadline(Duration time) {
    return new Budget(samples, time, error, seed, fallback);
  }

  /**
   * Changes the goal for the relative standard error.
   *
   * @param goal above 0, such as 0.05
   * @return a changed copy
   * @throws BadArgument if the goal is not above 0
   */
  public Budget withError(double goal) {
    if (!(goal > 0)) {
      throw new BadArgument("The error must be above 0, such as 0.05, but is " + goal + ".");
    }
    return new Budget(samples, deadline, goal, seed, fallback);
  }

  /**
   * Changes the seed.
   *
   * @param number any number
   * @return a changed copy
   */
  public Budget withSeed(long number) {
    return new Budget(samples, deadline, error, number, fallback);
  }

  /**
   * Changes the method that answers if the deadline leaves a black-box method no time for a single
   * sample. {@link dev.whybox.explain.BoxPrior} takes no time. A white-box method answers late: by
   * the time of its own passes and, at its first use, by the time to build its gradient graph.
   *
   * @param other a method that is not a black-box method, or null if that is an error
   * @return a changed copy
   * @throws BadArgument if the method is a black-box method
   */
  public Budget withFallback(Method other) {
    return new Budget(samples, deadline, error, seed, other);
  }

  /**
   * Checks whether a method can reach the goal for the error.
   *
   * @param method the method
   * @throws BadArgument if {@link #error} is above 0 and the method has no errors
   */
  public void checkFor(Method method) {
    if (!method.kind().uses(MethodOption.ERROR)) {
      refuseError(method.name());
    }
  }

  /**
   * Refuses a goal for the error, on behalf of a method that has no errors.
   *
   * @param name the method's name, for the message
   * @throws BadArgument if {@link #error} is above 0
   */
  public void refuseError(String name) {
    if (error > 0) {
      throw new BadArgument(
          "A goal for the error is possible for shap only; "
              + name
              + " has no standard errors of its values. Leave the goal out, or give a number of"
              + " samples.");
    }
  }
}
