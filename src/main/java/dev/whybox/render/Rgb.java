// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

/** Arithmetic on colours written {@code 0xRRGGBB}. */
final class Rgb {
  static final int WHITE = 0xFFFFFF;
  static final int BLACK = 0;

  private Rgb() {}

  static int of(int red, int green, int blue) {
    return red << 16 | green << 8 | blue;
  }

  static int red(int color) {
    return color >> 16 & 0xFF;
  }

  static int green(int color) {
    return color >> 8 & 0xFF;
  }

  static int blue(int color) {
    return color & 0xFF;
  }

  /** The luma (ITU-R BT.601), in [0,255]. */
  static double luma(int color) {
    return 0.299 * red(color) + 0.587 * green(color) + 0.114 * blue(color);
  }

  /** Black or white, whichever is easier to read on a background. */
  static int legibleOn(int background) {
    return luma(background) > 140 ? BLACK : WHITE;
  }

  /**
   * The colour of a class. The hues of neighbouring numbers are a golden angle apart, so they
   * differ clearly for any number of classes.
   */
  static int ofClass(int classId) {
    double hue = (0.56 + classId * 0.6180339887498949) % 1 * 6;
    double saturation = 0.72 - 0.18 * (classId % 3) / 2.0;
    double low = 255 * (1 - saturation);
    double rising = low + (255 - low) * (hue % 1);
    double falling = low + (255 - low) * (1 - hue % 1);
    int v = 255;
    int p = (int) Math.round(low);
    int u = (int) Math.round(rising);
    int d = (int) Math.round(falling);
    return switch ((int) hue) {
      case 0 -> of(v, u, p);
      case 1 -> of(d, v, p);
      case 2 -> of(p, v, u);
      case 3 -> of(p, d, v);
      case 4 -> of(u, p, v);
      default -> of(v, p, d);
    };
  }
}
