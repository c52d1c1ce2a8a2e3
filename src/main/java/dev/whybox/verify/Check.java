// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

/** One thing that is measured and must keep to a bound. */
public interface Check {

  /**
   * What is looked at.
   *
   * @return some words
   */
  String name();

  /**
   * Measures.
   *
   * @return the measured value and its bound
   * @throws RuntimeException where it cannot be measured, which counts as failed
   */
  Measured run();

  /**
   * What was measured.
   *
   * @param value the number
   * @param bound what it must keep to
   * @param atLeast whether the value must be at least the bound; else at most
   * @param unit what the number is, such as {@code largest difference}
   */
  record Measured(double value, double bound, boolean atLeast, String unit) {

    /**
     * Whether the value keeps to its bound.
     *
     * @return false for NaN
     */
    public boolean passed() {
      return atLeast ? value >= bound : value <= bound;
    }

    static Measured atMost(double value, double bound, String unit) {
      return new Measured(value, bound, false, unit);
    }
  }

  /** Measures, and may fail. */
  @FunctionalInterface
  interface Measurement {
    /**
     * Measures.
     *
     * @return what was measured
     */
    Measured take();
  }

  /**
   * A check.
   *
   * @param name what is looked at
   * @param measurement measures it
   * @return the check
   */
  static Check of(String name, Measurement measurement) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Measured run() {
        return measurement.take();
      }
    };
  }
}
