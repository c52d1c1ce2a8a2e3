// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.whybox.image.Image;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Resizes pictures. */
final class Resized {
  private Resized() {}

  /** Shrinks by averaging and enlarges by interpolation. */
  static Image of(Image picture, int width, int height) {
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    byte[] rgb = new byte[width * height * 3];
    try (Mat from = new Mat(picture.height(), picture.width(), CV_8UC3);
        Mat to = new Mat();
        Size size = new Size(width, height)) {
      from.data().put(picture.rgb());
      boolean shrinks = width < picture.width() || height < picture.height();
      resize(from, to, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
      to.data().get(rgb);
    }
    return Image.ofRgb(width, height, rgb).named(picture.name());
  }
}
