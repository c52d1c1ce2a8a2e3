// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A blur so wide that colours remain and shapes do not. It works on a reduced copy of the image,
 * since single pixels have no effect at this width.
 */
final class Blur {
  /** The longer side divided by the Gaussian's standard deviation. */
  static final double SIGMAS = 12;

  private static final int REDUCED = 64;

  private Blur() {}

  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  static Image of(Image content) {
    try (PointerScope scope = new PointerScope()) {
      return Mats.image(of(Mats.of(content), content.width(), content.height()));
    }
  }

  /** Blurs an image and resizes it. The caller's scope frees the matrices made here. */
  static Mat of(Mat image, int width, int height) {
    Mat small = reduced(image, REDUCED);
    double sigma = Math.max(small.cols(), small.rows()) / SIGMAS;
    // A size of 0 lets OpenCV choose the kernel by sigma.
    GaussianBlur(small, small, new Size(0, 0), sigma, sigma, BORDER_REFLECT, 0);
    return resized(small, width, height, INTER_LINEAR);
  }

  /**
   * Reduces an image by area averages until its longer side is at most the limit; a smaller image
   * stays as it is.
   */
  static Mat reduced(Mat image, int limit) {
    double scale = Math.min(1, (double) limit / Math.max(image.cols(), image.rows()));
    int width = Math.max(1, (int) Math.round(image.cols() * scale));
    int height = Math.max(1, (int) Math.round(image.rows() * scale));
    return resized(image, width, height, INTER_AREA);
  }

  static Mat resized(Mat image, int width, int height, int interpolation) {
    Mat result = new Mat();
    resize(image, result, new Size(width, height), 0, 0, interpolation);
    return result;
  }
}
