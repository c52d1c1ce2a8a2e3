// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;

/**
 * A map laid over its picture. Where the map is low the picture stays, a little dimmer and grayer;
 * the more a pixel matters the more of the map's colour it takes, up to an opacity that leaves the
 * picture readable.
 */
final class Heat {
  /** How much of the picture's brightness and colour stays where the map is low. */
  private static final double LIGHT = 0.82;

  private static final double COLOR = 0.65;

  /** The map's opacity where it is strongest. */
  private static final double OPACITY = 0.72;

  /**
   * The exponent from a value's weight to its opacity. Maps without sign have a broad haze in their
   * lower half that must not veil the picture; signed maps are near 0 where nothing matters.
   */
  private static final double GAMMA = 1.35;

  private static final double SIGNED_GAMMA = 1.15;

  private static final int STEPS = 1024;

  private Heat() {}

  /**
   * Blends.
   *
   * @param picture the picture
   * @param map {@code height × width} values of the picture
   * @param scale from values to colours
   * @return a picture of the same size
   */
  static Image over(Image picture, float[] map, Scale scale) {
    ColorMap colors = ColorMap.of(scale.signed());
    byte[] in = picture.rgb();
    byte[] out = new byte[in.length];
    float[] opacity = new float[STEPS + 1];
    double gamma = scale.signed() ? SIGNED_GAMMA : GAMMA;
    for (int i = 0; i <= STEPS; i++) {
      opacity[i] = (float) (OPACITY * Math.pow((double) i / STEPS, gamma));
    }
    for (int i = 0; i < map.length; i++) {
      double weight = scale.weight(map[i]);
      int color = colors.at(scale.position(map[i]));
      float a = opacity[(int) (weight * STEPS)];
      int r = in[3 * i] & 0xFF;
      int g = in[3 * i + 1] & 0xFF;
      int b = in[3 * i + 2] & 0xFF;
      double gray = 0.299 * r + 0.587 * g + 0.114 * b;
      double light = LIGHT + (1 - LIGHT) * weight;
      out[3 * i] = blend(light * (gray + COLOR * (r - gray)), Rgb.red(color), a);
      out[3 * i + 1] = blend(light * (gray + COLOR * (g - gray)), Rgb.green(color), a);
      out[3 * i + 2] = blend(light * (gray + COLOR * (b - gray)), Rgb.blue(color), a);
    }
    return Image.ofRgb(picture.width(), picture.height(), out);
  }

  private static byte blend(double under, int over, float opacity) {
    return (byte) Math.round(under * (1 - opacity) + over * opacity);
  }
}
