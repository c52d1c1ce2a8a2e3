// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import org.bytedeco.opencv.opencv_core.Mat;

/** Images to OpenCV's matrices and back, both 8-bit RGB; OpenCV's resampling ignores the order. */
final class Mats {
  /** JavaCPP's limit on the process's memory; the second spelling is an older one. */
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static final String OLD_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

  private Mats() {}

  /**
   * Lifts JavaCPP's limit on the resident memory of the whole process, unless the user has set it.
   * By default it is four times Java's heap, and OpenCV refuses to allocate above it, whoever holds
   * the memory: in a service with a small heap the engine and the page cache of mapped files count
   * too. JavaCPP reads the property once, when it is first used, so this comes before.
   */
  static void liftMemoryLimit() {
    if (System.getProperty(LIMIT) == null && System.getProperty(OLD_LIMIT) == null) {
      System.setProperty(LIMIT, "0");
    }
  }

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
