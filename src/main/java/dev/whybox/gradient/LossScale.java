// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

/**
 * The power of two that a cotangent is multiplied by, and the gradient divided by, so that half
 * precision can hold what lies between: loss scaling (Micikevicius et al., "Mixed precision
 * training", 2018). It is 1 until a gradient is too large or too small for that; then it is, to
 * within a step, the greatest at which nothing overflows, so that as little as possible is lost
 * below. What was found is kept for the next sample. One target has one; for one thread at a time.
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

  /** A scale of 1. */
  public LossScale() {}

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

  /**
   * The factor.
   *
   * @return a power of two, 2^−24 to 2^15
   */
  public double factor() {
    return Math.scalb(1.0, exponent);
  }

  /**
   * Begins a sample at the scale of the last one.
   *
   * @param narrow whether the precision may make a gradient small
   */
  Search search(boolean narrow) {
    return new Search(narrow);
  }

  /** Where a search is. */
  private enum Phase {
    FIRST,
    RAISED,
    LOWERED,
    BETWEEN,
    SETTLED,
    HOPELESS
  }

  /**
   * The search of one sample: one run after the other, each at {@link #exponent}, until it is over.
   * So the targets of a batch are run together, each at an exponent of its own. A gradient that is
   * zero at the greatest scale is taken to be zero; one that is faint at a scale that was looked
   * for is taken as it is, since samples beside which it is faint count for more.
   */
  final class Search {
    private final boolean narrow;
    private Phase phase = Phase.FIRST;
    private int tried = LossScale.this.exponent;

    /** The lowest exponent at which the gradient was not finite. */
    private int infinite;

    /** An exponent that is too small, or the least one. */
    private int low = LEAST;

    private Search(boolean narrow) {
      this.narrow = narrow;
    }

    /** What to multiply the cotangent with: 2 to the power of this. It stays when all is over. */
    int exponent() {
      return tried;
    }

    /** Whether no run is wanted any more. */
    boolean over() {
      return phase == Phase.SETTLED || phase == Phase.HOPELESS;
    }

    /** Whether the last run is the one that counts; else no scale gives what can be used. */
    boolean settled() {
      return phase == Phase.SETTLED;
    }

    /** The last exponent at which the gradient was not finite; 0 where it always was. */
    int infinite() {
      return infinite;
    }

    /** Takes what came of a run at {@link #exponent}. */
    void saw(Outcome outcome) {
      boolean usable = outcome == Outcome.FINE || outcome == Outcome.FAINT;
      switch (phase) {
        case FIRST -> first(outcome);
        case RAISED -> {
          if (outcome == Outcome.INFINITE) {
            lower();
          } else if (outcome == Outcome.ZERO) {
            phase = Phase.SETTLED;
          } else {
            keep();
          }
        }
        case LOWERED -> {
          if (usable) {
            keep();
          } else if (outcome == Outcome.INFINITE) {
            lower();
          } else {
            low = tried;
            phase = Phase.BETWEEN;
            between(infinite - 1);
          }
        }
        case BETWEEN -> {
          if (usable) {
            keep();
          } else {
            between(tried - 1);
          }
        }
        default -> throw new IllegalStateException("The search is over.");
      }
    }

    private void first(Outcome outcome) {
      boolean enough =
          switch (outcome) {
            case FINE -> true;
            case FAINT -> !narrow || searched;
            case ZERO -> !narrow || tried == GREATEST;
            case INFINITE -> false;
          };
      if (enough) {
        phase = Phase.SETTLED;
      } else if (outcome == Outcome.INFINITE) {
        lower();
      } else {
        // From the greatest scale down to what was too small.
        low = tried;
        tried = GREATEST;
        phase = Phase.RAISED;
      }
    }

    private void keep() {
      LossScale.this.exponent = tried;
      searched = true;
      phase = Phase.SETTLED;
    }

    /** The next step down from a scale at which something is infinite. */
    private void lower() {
      infinite = tried;
      phase = infinite > low ? Phase.LOWERED : Phase.HOPELESS;
      tried = phase == Phase.LOWERED ? Math.max(infinite - STEP, low) : tried;
    }

    /** Of scales between two that are of no use, the greatest that is left. */
    private void between(int next) {
      phase = next > low ? Phase.BETWEEN : Phase.HOPELESS;
      tried = phase == Phase.BETWEEN ? next : tried;
    }
  }
}
