// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.COLORMAP_INFERNO;
import static org.bytedeco.opencv.global.opencv_imgproc.applyColorMap;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * 256 colours from low to high. Colours are written {@code 0xRRGGBB}.
 *
 * <p>There are two maps. <em>Inferno</em> (Smith and van der Walt, matplotlib 2015, from OpenCV's
 * table) is for values without sign: it is perceptually uniform and becomes lighter as the value
 * grows. <em>Cool–warm</em> (Moreland, "Diverging color maps for scientific visualization", ISVC
 * 2009) is for signed values: blue is negative (against the target), gray is neutral, red is
 * positive (for the target), and both sides change their lightness in the same way.
 */
final class ColorMap {
  private static final int SIZE = 256;
  private static final int COOL = 0x3B4CC0;
  private static final int WARM = 0xB40426;

  private final int[] colors;

  private ColorMap(int[] colors) {
    this.colors = colors;
  }

  /** The map for signed values (diverging) or for values without sign (sequential). */
  static ColorMap of(boolean signed) {
    return signed ? diverging() : sequential();
  }

  static ColorMap sequential() {
    byte[] ramp = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      ramp[i] = (byte) i;
    }
    byte[] bgr = new byte[SIZE * 3];
    try (Mat values = new Mat(1, SIZE, CV_8UC1);
        Mat colored = new Mat()) {
      values.data().put(ramp);
      applyColorMap(values, colored, COLORMAP_INFERNO);
      colored.data().get(bgr);
    }
    int[] colors = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      colors[i] = Rgb.of(bgr[3 * i + 2] & 0xFF, bgr[3 * i + 1] & 0xFF, bgr[3 * i] & 0xFF);
    }
    return new ColorMap(colors);
  }

  static ColorMap diverging() {
    int[] colors = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      colors[i] = CoolWarm.between(COOL, WARM, i / (SIZE - 1.0));
    }
    return new ColorMap(colors);
  }

  /**
   * The colour at a position of the map.
   *
   * @param position 0 (lowest) to 1 (highest); clamped, and NaN counts as 0
   */
  int at(double position) {
    return colors[(int) Math.round(Math.min(Math.max(position, 0), 1) * (SIZE - 1))];
  }
}
