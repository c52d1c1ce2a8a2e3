// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.image.Box;
import dev.whybox.perturb.Segments;
import java.util.Arrays;

/**
 * What is known before the first forward of where the segments matter: the size of the gradient
 * over each segment, and the part of each segment that lies in the target's box. As standardised
 * logarithms, because a segment's length in the process is about a power of either.
 */
final class PlayerHints {
  /** Of the greatest amount, added to all, so that nothing is infinitely unlikely. */
  private static final double FLOOR = 0.01;

  private PlayerHints() {}

  /** The hint of a box in pixels of the content. */
  static double[] of(Segments segments, Box box) {
    double[] inside = new double[segments.count()];
    double[] all = new double[segments.count()];
    for (int y = 0; y < segments.height(); y++) {
      for (int x = 0; x < segments.width(); x++) {
        boolean in = x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2();
        inside[segments.label(x, y)] += in ? 1 : 0;
        all[segments.label(x, y)]++;
      }
    }
    for (int k = 0; k < all.length; k++) {
      // A drawn segment may be too small to have a pixel here.
      inside[k] /= Math.max(1, all[k]);
    }
    return standardised(inside);
  }

  /** The hint of a saliency map of the content. */
  static double[] of(Segments segments, PixelValues saliency) {
    double[] sums = new double[segments.count()];
    for (int y = 0; y < segments.height(); y++) {
      for (int x = 0; x < segments.width(); x++) {
        sums[segments.label(x, y)] += saliency.values()[y * segments.width() + x];
      }
    }
    return standardised(sums);
  }

  /** The hint of one amount per segment, at least 0. */
  static double[] standardised(double[] amounts) {
    double most = Arrays.stream(amounts).max().orElseThrow();
    double[] logs =
        Arrays.stream(amounts).map(a -> StrictMath.log(a + FLOOR * most + 1e-12)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance = Arrays.stream(logs).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    return Arrays.stream(logs).map(a -> (a - mean) / Math.sqrt(variance + 1e-12)).toArray();
  }
}
