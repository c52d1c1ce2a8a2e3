// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;

/**
 * Lays a map over its picture. Where the map is low, the picture stays, a little dimmer and grayer.
 * The more a pixel matters, the more it takes the map's colour; the opacity is limited so that the
 * picture stays readable.
 */
final class Heat {
  /** The fraction of the picture's brightness that stays where the map is low. */
  private static final double LIGHT = 0.82;

  /** The fraction of the picture's colour saturation that stays everywhere. */
  private static final double COLOR = 0.65;

  /** The map's opacity where it is strongest. */
  private static final double OPACITY = 0.72;

  /**
   * Opacity grows with a value's weight to the power of this. Maps without sign have many values in
   * their lower half, and these must not veil the picture.
   */
  private static final double GAMMA = 1.35;

  /** The same exponent for signed maps, which are near 0 where nothing matters. */
  private static final double SIGNED_GAMMA = 1.15;

  private static final int STEPS = 1024;

  private Heat() {}

  /**
   * Blends a map into a picture.
   *
   * @param picture the picture
   * @param map {@code height × width} values, one per pixel of the picture
   * @param scale maps values to colours
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
