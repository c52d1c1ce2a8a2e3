// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import dev.whybox.image.Image;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Images as PNG files. */
public final class Png {
  /** zlib's levels go to 9; above this one files of this kind hardly shrink but take long. */
  private static final int COMPRESSION = 4;

  private Png() {}

  /**
   * Encodes an image.
   *
   * @param image the image
   * @return a whole PNG file, 8-bit RGB
   */
  public static byte[] encode(Image image) {
    try (Mat picture = new Mat(image.height(), image.width(), CV_8UC3);
        BytePointer out = new BytePointer();
        IntPointer flags = new IntPointer(IMWRITE_PNG_COMPRESSION, COMPRESSION)) {
      picture.data().put(image.rgb());
      cvtColor(picture, picture, COLOR_RGB2BGR);
      if (!imencode(".png", picture, out, flags)) {
        throw new IllegalStateException("OpenCV could not encode a PNG of this image.");
      }
      byte[] file = new byte[Math.toIntExact(out.limit())];
      out.get(file);
      return file;
    }
  }
}
