// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

/** One measurement with a bound that it must keep. */
public interface GpuCheck {

  /**
   * What the check measures.
   *
   * @return a few words
   */
  String name();

  /**
   * Measures.
   *
   * @return the measured value and its bound
   * @throws RuntimeException if it cannot be measured; the check then counts as failed
   */
  Measured run();

  /**
   * A measured value and its bound.
   *
   * @param value the measured value
   * @param bound the bound
   * @param atLeast true if the value must be at least the bound, false if at most
   * @param unit the meaning of the value, such as {@code largest difference}
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

  /** A measurement, which may fail. */
  @FunctionalInterface
  interface Measurement {
    /**
     * Measures.
     *
     * @return the measured value and its bound
     */
    Measured take();
  }

  /**
   * Makes a check.
   *
   * @param name what the check measures
   * @param measurement the measurement
   * @return the check
   */
  static GpuCheck of(String name, Measurement measurement) {
    return new GpuCheck() {
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
