// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/**
 * Total variation: the mean over pixels and colours of the length of the step to the next pixel,
 * rounded off at 0 (Rudin, Osher, Fatemi 1992; as a penalty on pictures of what a model likes:
 * Mahendran &amp; Vedaldi 2015).
 */
final class Variation {
  /** Steps well below one part in 255 count by their square. */
  private static final double ROUNDING = 1e-6;

  private final int height;
  private final int width;

  Variation(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /**
   * The variation of a picture.
   *
   * @param planes three planes of {@code height × width} values
   * @param weight what to multiply the gradient with
   * @param gradient that times the weight is taken away from it
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
