// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.bytedeco.opencv.global.opencv_core.CV_16UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY_RLE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import dev.whybox.image.Image;
import dev.whybox.perturb.Segments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Images as PNG files. */
public final class Png {
  /**
   * Zlib's level 1 with run lengths only. Photographs have few other repetitions: level 4 takes
   * twice the time for files that are 4 to 7 % smaller.
   */
  private static final int[] FAST = {
    IMWRITE_PNG_COMPRESSION, 1, IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_RLE
  };

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
        IntPointer flags = new IntPointer(FAST)) {
      picture.data().put(image.rgb());
      cvtColor(picture, picture, COLOR_RGB2BGR);
      return encoded(picture, out, flags);
    }
  }

  /**
   * Encodes the segments' positions.
   *
   * @param segments the segments
   * @param width the image's width
   * @param height the image's height
   * @return a whole PNG file, 16-bit gray, with one segment number per pixel of the image
   */
  public static byte[] encode(Segments segments, int width, int height) {
    try (Mat labels = new Mat(height, width, CV_16UC1);
        BytePointer out = new BytePointer();
        IntPointer flags = new IntPointer(FAST)) {
      byte[] row = new byte[width * Short.BYTES];
      ShortBuffer values = ByteBuffer.wrap(row).order(ByteOrder.nativeOrder()).asShortBuffer();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          values.put(x, (short) segments.labelAt(x, y, width, height));
        }
        labels.ptr(y).put(row);
      }
      return encoded(labels, out, flags);
    }
  }

  private static byte[] encoded(Mat picture, BytePointer out, IntPointer flags) {
    if (!imencode(".png", picture, out, flags)) {
      throw new IllegalStateException("OpenCV could not encode a PNG of this image.");
    }
    byte[] file = new byte[Math.toIntExact(out.limit())];
    out.get(file);
    return file;
  }
}
