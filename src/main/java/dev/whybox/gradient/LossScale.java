// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

/**
 * The power of two that a cotangent is multiplied by, and the gradient divided by, so that half
 * precision can hold what lies between: loss scaling (Micikevicius et al., "Mixed precision
 * training", 2018). It is 1 until a gradient is too large or too small for that; then it is, to
 * within a step, the greatest at which nothing overflows, so that as little as possible is lost
 * below. What was found is kept for the next sample. For one thread at a time.
 */
public final class LossScale {
  /** The powers of two that float16 holds, 2^−24 to 2^15. */
  private static final int LEAST = -24;

  private static final int GREATEST = 15;

  /** Exponents at a time; where that leads from too large to too small, each between is tried. */
  private static final int STEP = 4;

  /**
   * A gradient whose largest value is below this is faint. Below 2^−14 float16 loses digits, and
   * below 2^−25 the value; the rest is for values that are smaller than the largest, there or on
   * the way.
   */
  private static final float FAINT = 0x1p-10f;

  private int exponent;

  /** Whether the scale is the greatest for an earlier sample, to within a step. */
  private boolean searched;

  /** What came of a run. */
  enum Outcome {
    /** Finite, and large enough. */
    FINE,
    /** Finite, and so small that much of it may be lost. */
    FAINT,
    /** Zero everywhere: too small for the precision, or a gradient that is zero. */
    ZERO,
    /** Infinity or NaN somewhere. */
    INFINITE;

    /**
     * The outcome of a finite gradient.
     *
     * @param largest its largest absolute value, multiplied by the scale
     */
    static Outcome of(float largest) {
      return largest == 0 ? ZERO : largest < LossScale.FAINT ? FAINT : FINE;
    }
  }

  /** Runs a graph with its cotangent multiplied by 2^exponent. */
  @FunctionalInterface
  interface Attempt {
    Outcome run(int exponent);
  }

  /** The factor, a power of two. */
  public double factor() {
    return Math.scalb(1.0, exponent);
  }

  /**
   * Runs, at other scales too where need be. A gradient that is zero at the greatest scale is taken
   * to be zero; one that is faint at a scale that was looked for is taken as it is, since samples
   * beside which it is faint count for more.
   *
   * @param narrow whether the precision may be what makes a gradient small
   * @return false where no scale gives finite gradients that are not all zero
   */
  boolean settle(Attempt attempt, boolean narrow) {
    return switch (attempt.run(exponent)) {
      case FINE -> true;
      case INFINITE -> lower(attempt, exponent, LEAST);
      case FAINT -> !narrow || searched || raise(attempt);
      case ZERO -> !narrow || exponent == GREATEST || raise(attempt);
    };
  }

  /** From the greatest scale down to what was too small. */
  private boolean raise(Attempt attempt) {
    int least = exponent;
    Outcome outcome = attempt.run(GREATEST);
    if (outcome == Outcome.INFINITE) {
      return lower(attempt, GREATEST, least);
    }
    return outcome == Outcome.ZERO || keep(GREATEST);
  }

  private boolean keep(int found) {
    exponent = found;
    searched = true;
    return true;
  }

  /** From a scale at which something is infinite down to {@code least}. */
  private boolean lower(Attempt attempt, int infinite, int least) {
    for (int last = infinite; last > least; ) {
      int tried = Math.max(last - STEP, least);
      Outcome outcome = attempt.run(tried);
      if (outcome == Outcome.ZERO) {
        return between(tried, last, attempt);
      }
      if (outcome != Outcome.INFINITE) {
        return keep(tried);
      }
      last = tried;
    }
    return false;
  }

  /** The greatest scale between two that gives what can be used; both ends do not. */
  private boolean between(int low, int high, Attempt attempt) {
    for (int tried = high - 1; tried > low; tried--) {
      Outcome outcome = attempt.run(tried);
      if (outcome == Outcome.FINE || outcome == Outcome.FAINT) {
        return keep(tried);
      }
    }
    return false;
  }
}
