// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.random.Philox;

/**
 * The random views of a picture. The view of a step depends on the seed and the step's number
 * alone.
 */
final class Views {
  /** The stream of random numbers for views: "view" in ASCII. */
  private static final int STREAM = 0x76696577;

  private final int width;
  private final int height;
  private final GradientAscent method;
  private final Philox philox;

  Views(int width, int height, GradientAscent method, long seed) {
    this.width = width;
    this.height = height;
    this.method = method;
    this.philox = new Philox(seed, STREAM);
  }

  /** The view of a step. */
  Affine at(long step) {
    philox.seek(step);
    double dx = method.jitter() * draw();
    double dy = method.jitter() * draw();
    double scale = 1 + method.scale() * draw();
    double degrees = method.rotation() * draw();
    return Affine.of(width, height, degrees, scale, dx, dy);
  }

  /** Draws a uniform number in [−1,1). */
  private double draw() {
    return philox.next() / 0x1p31;
  }
}
