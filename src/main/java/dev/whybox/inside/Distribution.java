// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

/**
 * The distribution of a stream of numbers, in constant memory.
 *
 * <p>Count, least, greatest, mean, deviation and the histogram of fixed bins are exact. Quantiles
 * are within 0.8 % of a number of that rank. They come from logarithmic bins, {@value #PARTS} per
 * power of two on both sides of 0 (the scheme of HdrHistogram; compare Masson, Rim and Lee,
 * "DDSketch", VLDB 2019). For quantiles, absolute values below 2⁻²⁰ count as 0 and those above 2³²
 * as 2³².
 */
public final class Distribution {
  /** The histogram's regular bins go from minus this to this. */
  public static final double REACH = 16;

  /** The number of regular bins. */
  public static final int BINS = 128;

  private static final int PARTS = 64;
  private static final int PART_BITS = 6;
  private static final int LEAST_EXPONENT = -20;
  private static final int OCTAVES = 52;
  private static final int SIDE = OCTAVES * PARTS;
  private static final int BIAS = 127;
  private static final int MANTISSA_BITS = 23;

  private final long[] histogram = new long[BINS + 2];
  private final long[] negative = new long[SIDE];
  private final long[] positive = new long[SIDE];
  private long zeros;
  private long count;
  private double sum;
  private double squares;
  private float least = Float.POSITIVE_INFINITY;
  private float greatest = Float.NEGATIVE_INFINITY;

  Distribution() {}

  /** Adds one finite number. */
  void add(float value) {
    count++;
    sum += value;
    squares += (double) value * value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    histogram[bin(value)]++;
    // The upper bits of a float are its exponent and the beginning of its mantissa.
    int key =
        (Float.floatToRawIntBits(Math.abs(value)) >> (MANTISSA_BITS - PART_BITS))
            - (BIAS + LEAST_EXPONENT) * PARTS;
    if (key < 0) {
      zeros++;
    } else {
      (value < 0 ? negative : positive)[Math.min(key, SIDE - 1)]++;
    }
  }

  /** The number of a value's bin; 0 below the regular bins, BINS + 1 above them. */
  private static int bin(float value) {
    double place = (value + REACH) * (BINS / (2 * REACH));
    return place < 0 ? 0 : place >= BINS ? BINS + 1 : (int) place + 1;
  }

  /**
   * The number of numbers so far.
   *
   * @return at least 0
   */
  public long count() {
    return count;
  }

  /**
   * The mean.
   *
   * @return the value, or NaN if there are no numbers
   */
  public double mean() {
    return sum / count;
  }

  /**
   * The standard deviation of the whole population.
   *
   * @return the value, or NaN if there are no numbers
   */
  public double deviation() {
    return Math.sqrt(Math.max(0, squares / count - mean() * mean()));
  }

  /**
   * The least number.
   *
   * @return the value, or NaN if there are no numbers
   */
  public double least() {
    return count == 0 ? Double.NaN : least;
  }

  /**
   * The greatest number.
   *
   * @return the value, or NaN if there are no numbers
   */
  public double greatest() {
    return count == 0 ? Double.NaN : greatest;
  }

  /**
   * The histogram: {@value #BINS} bins of equal width, each with its lower edge, from −16 to 16;
   * the first entry counts all numbers below, the last all numbers above.
   *
   * @return a copy, {@code BINS + 2} counts
   */
  public long[] histogram() {
    return histogram.clone();
  }

  /**
   * A quantile.
   *
   * @param share in [0,1]
   * @return the number of that rank, within 0.8 %; NaN if there are no numbers
   */
  public double quantile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.round(share * (count - 1));
    long passed = 0;
    for (int i = SIDE - 1; i >= 0; i--) {
      passed += negative[i];
      if (passed > rank) {
        return inside(-middle(i));
      }
    }
    passed += zeros;
    if (passed > rank) {
      return inside(0);
    }
    for (int i = 0; i < SIDE; i++) {
      passed += positive[i];
      if (passed > rank) {
        return inside(middle(i));
      }
    }
    return greatest;
  }

  private double inside(double value) {
    return Math.min(Math.max(value, least), greatest);
  }

  private static double middle(int key) {
    double base = Math.scalb(1.0, LEAST_EXPONENT + key / PARTS);
    return base * (1 + (key % PARTS + 0.5) / PARTS);
  }
}
