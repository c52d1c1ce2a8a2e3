// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * The power of two that a seed is multiplied by, and the gradient divided by, so that half
 * precision can hold what lies between: loss scaling (Micikevicius et al., "Mixed precision
 * training", 2018). It is 1 until a gradient is too large or too small for that; what was found is
 * kept for the next sample. For one thread at a time.
 */
final class SeedScale {
  /** The powers of two that float16 holds, 2^−24 to 2^15. */
  private static final int LEAST = -24;

  private static final int GREATEST = 15;

  /** Exponents at a time; where that leads from too large to too small, each between is tried. */
  private static final int STEP = 4;

  private int exponent;

  /** What came of a run. */
  enum Outcome {
    /** Finite, and not zero everywhere. */
    FINE,
    /** Zero everywhere: too small for the precision, or a gradient that is zero. */
    ZERO,
    /** Infinity or NaN somewhere. */
    INFINITE
  }

  /** Runs a graph with its seed multiplied by 2^exponent. */
  @FunctionalInterface
  interface Attempt {
    Outcome run(int exponent);
  }

  /** The factor, a power of two. */
  double factor() {
    return Math.scalb(1.0, exponent);
  }

  /**
   * Runs, at other scales too where need be. A gradient that is zero at the greatest scale is taken
   * to be zero.
   *
   * @param narrow whether the precision may be what makes a gradient zero
   * @return false where no scale gives finite gradients that are not all zero
   */
  boolean settle(Attempt attempt, boolean narrow) {
    Outcome first = attempt.run(exponent);
    if (first == Outcome.FINE || first == Outcome.ZERO && !narrow) {
      return true;
    }
    int step = first == Outcome.INFINITE ? -STEP : STEP;
    int last = exponent;
    for (int next = last + step; next >= LEAST && next <= GREATEST + STEP - 1; next += step) {
      int tried = Math.min(next, GREATEST);
      Outcome outcome = attempt.run(tried);
      if (outcome == Outcome.FINE) {
        exponent = tried;
        return true;
      }
      if (outcome != first) {
        return between(Math.min(last, tried), Math.max(last, tried), attempt);
      }
      last = tried;
    }
    return first == Outcome.ZERO;
  }

  /** The greatest scale between two that gives what can be used; both ends do not. */
  private boolean between(int low, int high, Attempt attempt) {
    for (int tried = high - 1; tried > low; tried--) {
      if (attempt.run(tried) == Outcome.FINE) {
        exponent = tried;
        return true;
      }
    }
    return false;
  }
}
