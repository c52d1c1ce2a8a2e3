// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.image.Box;
import dev.whybox.image.Image;

/**
 * How pictures are drawn. Nothing here changes values: JSON and arrays stay as they are.
 *
 * @param smooth the standard deviation of a Gaussian filter over maps of single pixels, in pixels
 *     of the image; 0 for none. It makes signed gradients readable, whose neighbouring pixels
 *     differ
 * @param maxPixels a picture of a larger image is drawn smaller, so that the image in it has at
 *     most so many pixels
 */
public record PictureOptions(double smooth, long maxPixels) {
  /** No filter, and pictures as large as their image. */
  public static final PictureOptions PLAIN = new PictureOptions(0, Long.MAX_VALUE);

  /**
   * Checks the numbers.
   *
   * @param smooth at least 0, at most 1000
   * @param maxPixels at least 1
   * @throws BadArgument if a number is outside its range
   */
  public PictureOptions {
    if (!(smooth >= 0 && smooth <= 1000)) {
      throw new BadArgument(
          "The filter of pictures must be 0 to 1000 pixels wide, but is %s. Take 0 for none."
              .formatted(smooth));
    }
    if (maxPixels < 1) {
      throw new BadArgument(
          "Pictures must have at least 1 pixel, but the limit is %d. Take more, such as 16000000."
              .formatted(maxPixels));
    }
  }

  /**
   * The image as large as it is drawn.
   *
   * @param image the image
   * @return the image itself, or a smaller copy with the same shape
   */
  public Image shown(Image image) {
    double scale = Math.sqrt((double) maxPixels / ((double) image.width() * image.height()));
    return scale >= 1
        ? image
        : Resized.of(
            image,
            Math.max(1, (int) (image.width() * scale)),
            Math.max(1, (int) (image.height() * scale)));
  }

  /**
   * The words for a caption.
   *
   * @param image the image
   * @param shown the image as large as it is drawn
   * @return parts that begin with a dot; empty if the picture is plain
   */
  String words(Image image, Image shown) {
    String filter = smooth > 0 ? " · smoothed over " + plain(smooth) + " px" : "";
    return shown.width() == image.width() && shown.height() == image.height()
        ? filter
        : filter
            + " · drawn at %dx%d of %dx%d px"
                .formatted(shown.width(), shown.height(), image.width(), image.height());
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  /** Converts a box from pixels of the image to pixels of the picture. */
  static Box scaled(Box box, Image image, Image shown) {
    float x = (float) shown.width() / image.width();
    float y = (float) shown.height() / image.height();
    return new Box(box.x1() * x, box.y1() * y, box.x2() * x, box.y2() * y);
  }
}
