// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/**
 * Total variation: the length of the difference from each pixel to its right and lower neighbours,
 * averaged over pixels and colours and rounded off near 0 (Rudin, Osher, Fatemi 1992). As a penalty
 * on pictures that excite a model: Mahendran &amp; Vedaldi 2015.
 */
final class Variation {
  /** Rounds the length off near 0: differences well below 1/255 count by their square. */
  private static final double ROUNDING = 1e-6;

  private final int height;
  private final int width;

  Variation(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /**
   * Computes the variation of a picture and its gradient.
   *
   * @param planes three planes of {@code height × width} values
   * @param weight the factor of the gradient
   * @param gradient changed in place: weight times the variation's gradient is subtracted
   * @return at least 0
   */
  double penalize(float[] planes, double weight, float[] gradient) {
    double share = weight / planes.length;
    double sum = 0;
    for (int i = 0; i < planes.length; i++) {
      double dx = i % width == width - 1 ? 0 : planes[i + 1] - planes[i];
      double dy = i / width % height == height - 1 ? 0 : planes[i + width] - planes[i];
      double length = Math.sqrt(dx * dx + dy * dy + ROUNDING);
      sum += length;
      double down = share / length;
      gradient[i] += (float) (down * (dx + dy));
      if (dx != 0) {
        gradient[i + 1] -= (float) (down * dx);
      }
      if (dy != 0) {
        gradient[i + width] -= (float) (down * dy);
      }
    }
    return sum / planes.length;
  }
}
