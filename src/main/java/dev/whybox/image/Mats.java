// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Converts images to OpenCV's matrices and back. Both hold 8-bit RGB; the order of the channels
 * does not matter to the functions used here.
 */
final class Mats {
  /** The property with JavaCPP's limit on the memory of the process. */
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  /** An older spelling of {@link #LIMIT}. */
  private static final String OLD_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

  private Mats() {}

  /**
   * Lifts JavaCPP's limit on the resident memory of the process, unless the user has set one. The
   * default limit is four times Java's heap. OpenCV refuses to allocate above it, no matter who
   * uses the memory: in a service with a small heap, the engine and the page cache of mapped files
   * count too. JavaCPP reads the property once, at its first use, so this call must come before.
   */
  static void liftMemoryLimit() {
    if (System.getProperty(LIMIT) == null && System.getProperty(OLD_LIMIT) == null) {
      System.setProperty(LIMIT, "0");
    }
  }

  /** Copies an image; the caller closes the matrix. */
  static Mat of(Image image) {
    Mat mat = new Mat(image.height(), image.width(), CV_8UC3);
    mat.data().put(image.rgb());
    return mat;
  }

  /** Copies a matrix, which must have no gaps between its rows. */
  static Image image(Mat mat) {
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(mat.cols(), mat.rows()))];
    mat.data().get(rgb);
    return Image.ofRgb(mat.cols(), mat.rows(), rgb);
  }
}
