// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import dev.whybox.report.Peak;
import java.util.Arrays;

/**
 * The scale that maps values to colours. For signed values it is symmetric about 0; for others it
 * goes from the lowest to the highest value.
 *
 * @param low the value at the colour map's low end
 * @param high the value at the colour map's high end, above {@code low}
 * @param signed whether 0 is the neutral middle
 * @param flat whether all values are equal (signed: all 0), so there is nothing to show
 * @param peak the highest value, which may lie above {@code high}
 * @param cut whether some values lie beyond the ends
 */
record Scale(double low, double high, boolean signed, boolean flat, double peak, boolean cut) {

  /**
   * The share of pixels, with the largest values, that all get the strongest colour in spiky maps.
   */
  private static final double ALIKE = 0.005;

  /** The scale of a map. Values that are not finite do not count. */
  static Scale of(float[] map, boolean signed) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (float value : map) {
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    if (signed) {
      double reach = Math.max(Math.abs(least), Math.abs(greatest));
      boolean flat = !(reach > 0 && reach < Double.POSITIVE_INFINITY);
      return flat
          ? new Scale(-1, 1, true, true, 0, false)
          : new Scale(-reach, reach, true, false, greatest, false);
    }
    if (!(greatest > least)) {
      double only = least == greatest ? least : 0;
      return new Scale(only, only + 1, false, true, only, false);
    }
    return new Scale(least, greatest, false, false, greatest, false);
  }

  /**
   * The scale of an explanation's map. Gradients at single pixels have a few values far above all
   * others, which would leave the rest of the picture dark. So the largest {@value #ALIKE} of all
   * values share the strongest colour.
   */
  static Scale of(float[] map, Explanation explanation, PictureOptions options) {
    boolean signed = explanation.attribution().signed();
    Scale scale = of(map, signed);
    boolean pixels = explanation.attribution() instanceof PixelValues;
    if (pixels && !signed && !scale.flat() && options.smooth() == 0) {
      // A small picture may miss the highest pixel, which the JSON names.
      double peak = Peak.of(explanation).value();
      scale = new Scale(scale.low(), peak, false, false, peak, false);
    }
    if (!explanation.method().kind().unit().spiky() || scale.flat()) {
      return scale;
    }
    float[] sizes = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      sizes[i] = Math.abs(map[i]);
    }
    Arrays.sort(sizes);
    double high = sizes[(int) ((1 - ALIKE) * (sizes.length - 1))];
    boolean cut = Math.max(sizes[sizes.length - 1], scale.peak()) > high;
    return high > 0 ? new Scale(signed ? -high : 0, high, signed, false, scale.peak(), cut) : scale;
  }

  /** A map in pixels of its picture, filtered as the options say. */
  static float[] map(Explanation explanation, Image picture, PictureOptions options) {
    float[] map = explanation.attribution().map(picture.width(), picture.height());
    if (explanation.attribution() instanceof PixelValues) {
      double scale = (double) picture.width() / explanation.image().width();
      Smoothing.over(map, picture.width(), options.smooth() * scale);
    }
    return map;
  }

  /** The position of a value on the colour map, 0 to 1. */
  double position(double value) {
    return Math.min(Math.max((value - low) / (high - low), 0), 1);
  }

  /**
   * The importance of a value, 0 to 1: its absolute value for signed maps, its position on the
   * colour map for others.
   */
  double weight(double value) {
    if (flat || !Double.isFinite(value)) {
      return 0;
    }
    double weight = signed ? Math.abs(value) / high : position(value);
    return Math.min(Math.max(weight, 0), 1);
  }
}
