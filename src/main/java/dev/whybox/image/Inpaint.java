// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_photo.INPAINT_TELEA;
import static org.bytedeco.opencv.global.opencv_photo.inpaint;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Fills the targets' boxes from their surroundings: Telea, "An image inpainting technique based on
 * the fast marching method" (Journal of Graphics Tools, 2004). It works on a reduced image to be
 * fast.
 */
final class Inpaint {
  private static final int REDUCED = 96;
  private static final double RADIUS = 5;
  private static final double KNOWN_AT_LEAST = 0.05;

  /** How much a box grows on each side, relative to its own size: detectors' boxes fit tightly. */
  private static final float MARGIN = 0.05f;

  private Inpaint() {}

  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  static Image of(Image content, List<Box> boxes) {
    int width = content.width();
    int height = content.height();
    try (PointerScope scope = new PointerScope()) {
      Mat small = Blur.reduced(Mats.of(content), REDUCED);
      byte[] absent = mask(boxes, width, height, small.cols(), small.rows());
      check(absent);
      Mat mask = new Mat(small.rows(), small.cols(), CV_8UC1);
      mask.data().put(absent);
      Mat without = new Mat();
      inpaint(small, mask, without, RADIUS, INPAINT_TELEA);
      without.data().put(clamped(Mats.image(without).rgb(), Mats.image(small).rgb(), absent));
      Image inside = Mats.image(Blur.resized(without, width, height, INTER_LINEAR));
      Image outside = Mats.image(Blur.of(without, width, height));
      return merged(inside, outside, mask(boxes, width, height, width, height));
    }
  }

  /**
   * Clamps the filled pixels to the range of colours around them. In flat regions OpenCV's fast
   * marching drifts by up to one level per pixel.
   */
  private static byte[] clamped(byte[] filled, byte[] before, byte[] absent) {
    for (int c = 0; c < 3; c++) {
      int low = 255;
      int high = 0;
      for (int i = c; i < before.length; i += 3) {
        if (absent[i / 3] == 0) {
          low = Math.min(low, before[i] & 0xFF);
          high = Math.max(high, before[i] & 0xFF);
        }
      }
      for (int i = c; i < filled.length; i += 3) {
        filled[i] = (byte) Math.max(low, Math.min(high, filled[i] & 0xFF));
      }
    }
    return filled;
  }

  private static Image merged(Image inside, Image outside, byte[] mask) {
    byte[] rgb = outside.rgb().clone();
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] != 0) {
        System.arraycopy(inside.rgb(), 3 * i, rgb, 3 * i, 3);
      }
    }
    return Image.ofRgb(inside.width(), inside.height(), rgb);
  }

  /**
   * Marks the pixels that the boxes and their margins touch, on a raster of another size.
   *
   * @return one byte per cell of the raster; nonzero where a box lies
   */
  private static byte[] mask(List<Box> boxes, int width, int height, int columns, int rows) {
    byte[] mask = new byte[columns * rows];
    float scaleX = (float) columns / width;
    float scaleY = (float) rows / height;
    for (Box box : boxes) {
      Box inside = box.clip(width, height);
      if (!(inside.area() > 0)) {
        continue;
      }
      float marginX = MARGIN * (inside.x2() - inside.x1());
      float marginY = MARGIN * (inside.y2() - inside.y1());
      int left = Math.max(0, (int) Math.floor((inside.x1() - marginX) * scaleX));
      int top = Math.max(0, (int) Math.floor((inside.y1() - marginY) * scaleY));
      int right = Math.min(columns, (int) Math.ceil((inside.x2() + marginX) * scaleX));
      int bottom = Math.min(rows, (int) Math.ceil((inside.y2() + marginY) * scaleY));
      for (int y = top; y < bottom; y++) {
        Arrays.fill(mask, y * columns + left, y * columns + right, (byte) 1);
      }
    }
    return mask;
  }

  private static void check(byte[] mask) {
    int known = 0;
    for (byte absent : mask) {
      known += 1 - absent;
    }
    if (known < KNOWN_AT_LEAST * mask.length) {
      throw new BadArgument(
          String.format(
              "Inpainting needs at least %.0f %% of the image around the targets' boxes, but they"
                  + " leave %.1f %%. Take the baseline blur, or fewer targets.",
              100 * KNOWN_AT_LEAST, 100.0 * known / mask.length));
    }
  }
}
