// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

/**
 * How long the model took in the last waves of all calls: the mean, and how much longer than
 * expected a wave can take. A deadline is kept by the slow waves, not by the mean. Safe to share
 * between threads.
 */
final class RunTimes {
  /** So many waves are remembered: the slowest of them is about the 97th percentile. */
  private static final int WAVES = 32;

  /** How much of the mean a new wave leaves. */
  private static final double MEMORY = 0.8;

  /**
   * A wave this many times as slow says nothing of the next: the machine slept, or was suspended.
   */
  private static final double MOST = 2;

  private final double[] ratios = new double[WAVES];
  private int waves;
  private double mean = Double.NaN;

  /**
   * Tells of a wave.
   *
   * @param secondsPerImage what an image took in it
   */
  synchronized void took(double secondsPerImage) {
    if (Double.isNaN(mean)) {
      mean = secondsPerImage;
      return;
    }
    ratios[waves++ % WAVES] = Math.min(MOST, secondsPerImage / mean);
    mean = MEMORY * mean + (1 - MEMORY) * secondsPerImage;
  }

  /** Lets the mean be doubted, after a refusal: what is refused measures nothing. */
  synchronized void doubt(double factor) {
    mean *= factor;
  }

  /** What an image takes on average, in seconds; NaN before the first wave. */
  synchronized double secondsPerImage() {
    return mean;
  }

  /** How many times as long as expected a wave may take, at least 1. */
  synchronized double tail() {
    double most = 1;
    for (double ratio : ratios) {
      most = Math.max(most, ratio);
    }
    return most;
  }
}
