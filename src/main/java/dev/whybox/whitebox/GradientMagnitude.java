// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.PassResult;
import dev.whybox.gradient.GradientPass;

/** The size of the mean gradient, the greatest over the channels: saliency and its kin. */
final class GradientMagnitude implements GradientEstimator {
  private final Pixels pixels;
  private final boolean clean;
  private final float[] gradient;
  private final float[] sum;
  private float logit = Float.NaN;
  private int count;

  /** {@code clean}: whether the first sample is the image itself. */
  GradientMagnitude(Pixels pixels, boolean clean) {
    this.pixels = pixels;
    this.clean = clean;
    this.gradient = new float[3 * pixels.plane()];
    this.sum = new float[3 * pixels.plane()];
  }

  @Override
  public void accept(PassResult row) {
    if (clean && count == 0) {
      logit = row.value();
    }
    pixels.read(row.gradients().get(0), gradient);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient[i];
    }
    count++;
  }

  @Override
  public Estimate estimate() {
    int plane = pixels.plane();
    float[] map = new float[plane];
    for (int from = 0; from < sum.length; from += plane) {
      for (int i = 0; i < plane; i++) {
        float size = Math.abs(sum[from + i]) / count;
        if (!Float.isFinite(size)) {
          throw GradientPass.infinite(size);
        }
        map[i] = Math.max(map[i], size);
      }
    }
    PixelValues values = new PixelValues(pixels.width(), pixels.height(), map, Double.NaN, false);
    return new Estimate(values, logit, Double.NaN, Double.NaN);
  }
}
