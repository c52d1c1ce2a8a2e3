// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import java.util.Arrays;

/**
 * Draws a view of a picture by bilinear interpolation. For gradients it has the exact adjoint.
 * Outside the picture a view shows gray 114, like a detector's letterbox. Pictures are three planes
 * of {@code height × width} values in [0,1].
 */
final class Warp {
  private static final float GROUND = 114 / 255f;

  private final int height;
  private final int width;

  Warp(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /** Draws the view of a picture. */
  void apply(Affine view, float[] picture, float[] into) {
    if (view.equals(Affine.IDENTITY)) {
      System.arraycopy(picture, 0, into, 0, into.length);
      return;
    }
    Taps taps = new Taps();
    int plane = height * width;
    for (int pixel = 0; pixel < plane; pixel++) {
      taps.at(view, pixel);
      for (int c = 0; c < 3; c++) {
        float sum = taps.outside * GROUND;
        for (int t = 0; t < taps.count; t++) {
          sum += taps.weight[t] * picture[c * plane + taps.place[t]];
        }
        into[c * plane + pixel] = sum;
      }
    }
  }

  /** Turns a gradient with respect to the view into one with respect to the picture. */
  void adjoint(Affine view, float[] gradient, float[] into) {
    if (view.equals(Affine.IDENTITY)) {
      System.arraycopy(gradient, 0, into, 0, into.length);
      return;
    }
    Arrays.fill(into, 0);
    Taps taps = new Taps();
    int plane = height * width;
    for (int pixel = 0; pixel < plane; pixel++) {
      taps.at(view, pixel);
      for (int c = 0; c < 3; c++) {
        float value = gradient[c * plane + pixel];
        for (int t = 0; t < taps.count; t++) {
          into[c * plane + taps.place[t]] += taps.weight[t] * value;
        }
      }
    }
  }

  /**
   * The pixels of the picture that one pixel of the view mixes, at most four, with their weights,
   * and the weight that lies outside the picture.
   */
  private final class Taps {
    private final int[] place = new int[4];
    private final float[] weight = new float[4];
    private int count;
    private float outside;

    void at(Affine view, int pixel) {
      int column = pixel % width;
      int row = pixel / width;
      double x = view.xx() * column + view.xy() * row + view.x0();
      double y = view.yx() * column + view.yy() * row + view.y0();
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      double right = x - left;
      double bottom = y - top;
      count = 0;
      outside = 0;
      add(left, top, (1 - right) * (1 - bottom));
      add(left + 1, top, right * (1 - bottom));
      add(left, top + 1, (1 - right) * bottom);
      add(left + 1, top + 1, right * bottom);
    }

    private void add(int x, int y, double share) {
      if (x >= 0 && y >= 0 && x < width && y < height) {
        place[count] = y * width + x;
        weight[count++] = (float) share;
      } else {
        outside += (float) share;
      }
    }
  }
}
