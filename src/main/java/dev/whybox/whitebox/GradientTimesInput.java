// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.PassResult;
import dev.whybox.gradient.GradientPass;

/** Gradient times difference, summed over channels: of the image from black, or along a way. */
final class GradientTimesInput {
  private final Pixels pixels;
  private final float[] difference;
  private final float[] gradient;

  GradientTimesInput(Pixels pixels, float[] difference) {
    this.pixels = pixels;
    this.difference = difference;
    this.gradient = new float[difference.length];
  }

  /** Adds the products of a pass to the map. */
  void add(PassResult row, float[] map) {
    add(row, map, 1);
  }

  /** Adds the products of a pass, times a weight, to the map. */
  void add(PassResult row, float[] map, float weight) {
    pixels.read(row.gradients().get(0), gradient);
    for (int from = 0; from < gradient.length; from += map.length) {
      for (int i = 0; i < map.length; i++) {
        map[i] += weight * gradient[from + i] * difference[from + i];
      }
    }
  }

  float[] map() {
    return new float[pixels.plane()];
  }

  PixelValues values(float[] map) {
    for (float value : map) {
      if (!Float.isFinite(value)) {
        throw GradientPass.infinite(value);
      }
    }
    return new PixelValues(pixels.width(), pixels.height(), map, Double.NaN, true);
  }

  /** Input × gradient: a single sample. */
  static GradientEstimator once(Pixels pixels, float[] content) {
    GradientTimesInput products = new GradientTimesInput(pixels, content);
    float[] map = products.map();
    float[] logit = {Float.NaN};
    return new GradientEstimator() {
      @Override
      public void accept(PassResult row) {
        logit[0] = row.value();
        products.add(row, map);
      }

      @Override
      public Estimate estimate() {
        return new Estimate(products.values(map), logit[0], Double.NaN, Double.NaN);
      }
    };
  }
}
