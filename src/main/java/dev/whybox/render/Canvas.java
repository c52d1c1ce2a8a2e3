// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;

/** A picture to draw on, 8-bit RGB. Drawing outside has no effect, so callers need not clip. */
final class Canvas {
  private final int width;
  private final int height;
  private final byte[] rgb;

  Canvas(int width, int height, int color) {
    this.width = width;
    this.height = height;
    this.rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    fill(0, 0, width, height, color);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The finished picture; the canvas must not be drawn on afterwards. */
  Image image() {
    return Image.ofRgb(width, height, rgb);
  }

  /** Fills {@code [x1,x2) × [y1,y2)}. */
  void fill(int x1, int y1, int x2, int y2, int color) {
    int left = Math.max(x1, 0);
    int right = Math.min(x2, width);
    for (int y = Math.max(y1, 0); y < Math.min(y2, height); y++) {
      for (int x = left; x < right; x++) {
        put(x, y, color);
      }
    }
  }

  /**
   * Draws the outline of {@code [x1,x2) × [y1,y2)}, inside it. If dash is not 0, it is the length
   * of the dashes.
   */
  void frame(int x1, int y1, int x2, int y2, int thickness, int dash, int color) {
    int step = dash > 0 ? 2 * dash : Math.max(Math.max(x2 - x1, y2 - y1), 1);
    int length = dash > 0 ? dash : step;
    for (int x = x1; x < x2; x += step) {
      int end = Math.min(x + length, x2);
      fill(x, y1, end, Math.min(y1 + thickness, y2), color);
      fill(x, Math.max(y2 - thickness, y1), end, y2, color);
    }
    for (int y = y1; y < y2; y += step) {
      int end = Math.min(y + length, y2);
      fill(x1, y, Math.min(x1 + thickness, x2), end, color);
      fill(Math.max(x2 - thickness, x1), y, x2, end, color);
    }
  }

  /**
   * Draws a closed line through points.
   *
   * @param points x and y in turn
   * @param dash the length of the dashes, or 0 for a solid line
   */
  void ring(double[] points, int thickness, int dash, int color) {
    double gone = 0;
    for (int i = 0; i < points.length; i += 2) {
      double x = points[i];
      double y = points[i + 1];
      double dx = points[(i + 2) % points.length] - x;
      double dy = points[(i + 3) % points.length] - y;
      double length = Math.hypot(dx, dy);
      // Half a pixel at a time leaves no gap.
      int steps = Math.max(1, (int) Math.min(Math.ceil(2 * length), 4.0 * (width + height)));
      for (int s = 0; s < steps; s++) {
        double part = (double) s / steps;
        if (dash == 0 || (int) ((gone + part * length) / dash) % 2 == 0) {
          dot(x + part * dx, y + part * dy, thickness, color);
        }
      }
      gone += length;
    }
  }

  /** Fills a square around a point. */
  void dot(double x, double y, int side, int color) {
    int x1 = (int) Math.round(x - side / 2.0);
    int y1 = (int) Math.round(y - side / 2.0);
    fill(x1, y1, x1 + side, y1 + side, color);
  }

  /** Copies a picture with its upper left corner at (x, y). */
  void draw(Image picture, int x, int y) {
    int left = Math.max(x, 0);
    int count = Math.min(x + picture.width(), width) - left;
    for (int row = 0; row < picture.height() && count > 0; row++) {
      if (y + row >= 0 && y + row < height) {
        int from = (row * picture.width() + left - x) * 3;
        System.arraycopy(picture.rgb(), from, rgb, ((y + row) * width + left) * 3, count * 3);
      }
    }
  }

  /**
   * Mixes a colour into the canvas through a mask of {@code maskWidth} columns; a mask's value is
   * the opacity, 0 to 255.
   */
  void tint(byte[] mask, int maskWidth, int x, int y, int color) {
    for (int i = 0; i < mask.length; i++) {
      int cover = mask[i] & 0xFF;
      int px = x + i % maskWidth;
      int py = y + i / maskWidth;
      if (cover > 0 && px >= 0 && py >= 0 && px < width && py < height) {
        int at = (py * width + px) * 3;
        rgb[at] = mix(rgb[at], Rgb.red(color), cover);
        rgb[at + 1] = mix(rgb[at + 1], Rgb.green(color), cover);
        rgb[at + 2] = mix(rgb[at + 2], Rgb.blue(color), cover);
      }
    }
  }

  private static byte mix(byte under, int over, int cover) {
    return (byte) (((under & 0xFF) * (255 - cover) + over * cover + 127) / 255);
  }

  private void put(int x, int y, int color) {
    int at = (y * width + x) * 3;
    rgb[at] = (byte) Rgb.red(color);
    rgb[at + 1] = (byte) Rgb.green(color);
    rgb[at + 2] = (byte) Rgb.blue(color);
  }
}
