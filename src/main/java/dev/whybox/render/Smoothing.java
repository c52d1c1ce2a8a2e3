// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT;
import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** A Gaussian filter over a map; the sum of the values stays, apart from the picture's edges. */
final class Smoothing {
  /** A narrower filter changes nothing. */
  private static final double LEAST = 0.1;

  private Smoothing() {}

  /**
   * Filters a map in place.
   *
   * @param map {@code height × width} values; values that are not finite spread
   * @param deviation the filter's standard deviation in pixels of the map
   */
  static void over(float[] map, int width, double deviation) {
    if (deviation < LEAST) {
      return;
    }
    try (Mat values = new Mat(map.length / width, width, CV_32FC1);
        Size chosen = new Size(0, 0)) {
      FloatPointer data = new FloatPointer(values.data());
      data.put(map);
      GaussianBlur(values, values, chosen, deviation, deviation, BORDER_REFLECT, 0);
      data.get(map);
    }
  }
}
