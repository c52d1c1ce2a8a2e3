// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.error.WhyboxException.BadArgument;
import java.time.Duration;

/**
 * What an explanation may cost. Whichever limit comes first ends it.
 *
 * @param samples perturbed images at most, or 0 for the method's own number
 * @param deadline time from the call to the result, or null for none; checked before every wave of
 *     samples against the measured time of a forward pass
 * @param error stop when √(Σ SE² / Σ φ²), the relative standard error of {@link
 *     dev.whybox.blackbox.Shap}'s values, is at most this for every target; or 0 for no such goal.
 *     Other methods refuse a goal
 * @param seed the seed of everything that is drawn
 * @param fallback what answers in place of a black-box method where the deadline leaves no time for
 *     a sample; null where that is an error
 */
public record Budget(int samples, Duration deadline, double error, long seed, Method fallback) {

  /** The method's own number of samples, no deadline, seed 0, no fallback. */
  public static final Budget DEFAULT = new Budget(0, null, 0, 0, null);

  /**
   * Checks the ranges.
   *
   * @param samples at least 0
   * @param deadline above 0, or null
   * @param error at least 0, finite
   * @param seed any
   * @param fallback no black-box method, or null
   * @throws BadArgument where a limit is outside its range
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
    if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
      throw new BadArgument("The deadline must be above 0, but is " + deadline.toMillis() + " ms.");
    }
  }

  /**
   * The same with another number of samples.
   *
   * @param number perturbed images at most, at least 1
   * @return a changed copy
   * @throws BadArgument where the number is below 1
   */
  public Budget withSamples(int number) {
    if (number < 1) {
      throw new BadArgument("The number of samples must be at least 1, but is " + number + ".");
    }
    return new Budget(number, deadline, error, seed, fallback);
  }

  /**
   * The same with a deadline.
   *
   * @param time above 0
   * @return a changed copy
   */
  public Budget withDeadline(Duration time) {
    return new Budget(samples, time, error, seed, fallback);
  }

  /**
   * The same with a goal for the relative standard error.
   *
   * @param goal above 0, such as 0.05
   * @return a changed copy
   * @throws BadArgument where the goal is not above 0
   */
  public Budget withError(double goal) {
    if (!(goal > 0)) {
      throw new BadArgument("The error must be above 0, such as 0.05, but is " + goal + ".");
    }
    return new Budget(samples, deadline, goal, seed, fallback);
  }

  /**
   * The same with another seed.
   *
   * @param number any
   * @return a changed copy
   */
  public Budget withSeed(long number) {
    return new Budget(samples, deadline, error, number, fallback);
  }

  /**
   * The same with something that answers where the deadline leaves a black-box method no time for a
   * single sample. {@link dev.whybox.explain.BoxPrior} costs no time; a white-box method comes late
   * by its own passes and, where it is asked for the first time, by the making of its graph.
   *
   * @param other no black-box method; or null: then that is an error
   * @return a changed copy
   * @throws BadArgument where the method is one that needs samples itself
   */
  public Budget withFallback(Method other) {
    return new Budget(samples, deadline, error, seed, other);
  }

  /**
   * Throws where a method can't reach what the budget asks for.
   *
   * @param method the method
   * @throws BadArgument where {@link #error} is above 0 and the method has no errors
   */
  public void checkFor(Method method) {
    if (!method.kind().uses(MethodOption.ERROR)) {
      refuseError(method.name());
    }
  }

  /**
   * Throws where there is a goal for the error, for what has no errors to reach it with.
   *
   * @param name what has none, such as a method's name
   * @throws BadArgument where {@link #error} is above 0
   */
  public void refuseError(String name) {
    if (error > 0) {
      throw new BadArgument(
          "A goal for the error is for shap; "
              + name
              + " has none. Leave it out, or give a number of samples.");
    }
  }
}
