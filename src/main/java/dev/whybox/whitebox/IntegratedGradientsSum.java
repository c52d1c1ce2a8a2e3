// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.PassResult;
import java.util.Arrays;

/**
 * Integrated gradients by the trapezoid rule. Sample 0 is the image, sample 1 the baseline, and
 * then every level halves the steps: 1/2; 1/4, 3/4; 1/8, 3/8, … So nothing is computed twice.
 */
final class IntegratedGradientsSum implements GradientEstimator {
  /** With fewer steps a small gap is an accident. */
  private static final int LEAST_STEPS = 8;

  private final GradientTimesInput products;
  private final float[] integral;
  private final float[] level;
  private float full;
  private float empty;
  private double sum;
  private int samples;
  private int steps = 1;

  IntegratedGradientsSum(Pixels pixels, float[] difference) {
    this.products = new GradientTimesInput(pixels, difference);
    this.integral = products.map();
    this.level = products.map();
  }

  /** How far from the baseline to the image a sample is, 0 to 1. */
  static float position(long sample) {
    if (sample < 2) {
      return 1 - sample;
    }
    long within = sample - 1;
    long first = Long.highestOneBit(within);
    return (2 * (within - first) + 1) / (2f * first);
  }

  @Override
  public void accept(PassResult row) {
    full = samples == 0 ? row.value() : full;
    empty = samples == 1 ? row.value() : empty;
    products.add(row, level);
    samples++;
    if (samples == 2 || samples == 2 * steps + 1) {
      finish();
    }
  }

  /** A level is whole: the mean of its samples and what was there before count half each. */
  private void finish() {
    boolean ends = samples == 2;
    double part = ends ? 0.5 : 0.5 / steps;
    sum = 0;
    for (int i = 0; i < integral.length; i++) {
      integral[i] = (float) ((ends ? 0 : 0.5) * integral[i] + part * level[i]);
      sum += integral[i];
    }
    Arrays.fill(level, 0);
    steps = ends ? 1 : 2 * steps;
  }

  private double gap() {
    return Math.abs(sum - ((double) full - empty));
  }

  @Override
  public boolean satisfied() {
    return samples == steps + 1
        && steps >= LEAST_STEPS
        && gap() <= IntegratedGradients.GAP * Math.abs((double) full - empty);
  }

  @Override
  public Estimate estimate() {
    return new Estimate(products.values(integral.clone()), full, empty, gap());
  }
}
