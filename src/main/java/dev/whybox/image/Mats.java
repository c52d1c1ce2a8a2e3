// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import org.bytedeco.opencv.opencv_core.Mat;

/** Images to OpenCV's matrices and back, both 8-bit RGB; OpenCV's resampling ignores the order. */
final class Mats {
  private Mats() {}

  /** A copy of the samples; the caller closes it. */
  static Mat of(Image image) {
    Mat mat = new Mat(image.height(), image.width(), CV_8UC3);
    mat.data().put(image.rgb());
    return mat;
  }

  /** A copy of the samples of a matrix without gaps between its rows. */
  static Image image(Mat mat) {
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(mat.cols(), mat.rows()))];
    mat.data().get(rgb);
    return Image.ofRgb(mat.cols(), mat.rows(), rgb);
  }
}
