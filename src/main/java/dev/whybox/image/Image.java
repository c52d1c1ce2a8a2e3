// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * A picture as a person sees it: 8-bit RGB, upright, without alpha. Immutable, so safe to share
 * between threads.
 */
public final class Image {
  static {
    // Every use of OpenCV begins with an image, so the limit is lifted in time.
    Mats.liftMemoryLimit();
  }

  private final String name;
  private final int width;
  private final int height;
  private final byte[] rgb;

  private Image(String name, int width, int height, byte[] rgb) {
    this.name = name;
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Reads a JPEG, PNG, WebP, BMP, GIF (first frame) or TIFF (first page). The EXIF orientation is
   * applied, so the image is upright. Samples of 16 bits are cut to their upper 8. Alpha is
   * dropped, not composited, as the loaders of detectors do. A CMYK JPEG is read as inverted, the
   * way Adobe writes it.
   *
   * @param file the file, at most 256 MiB
   * @return the image, named after the file
   * @throws UnreadableImage if there is no such file, or if it does not hold a complete image
   * @throws ImageTooLarge if it has more than 100 million pixels; nothing is decoded then
   */
  public static Image read(Path file) {
    return ImageDecoder.image(ImageDecoder.bytes(file), file.toString());
  }

  /**
   * Decodes an image in memory, as {@link #read}.
   *
   * @param bytes the whole file
   * @param name the image's name; messages use it too
   * @return the image
   * @throws UnreadableImage if the bytes do not hold a complete image
   * @throws ImageTooLarge if it has more than 100 million pixels; nothing is decoded then
   */
  public static Image decode(byte[] bytes, String name) {
    return ImageDecoder.image(bytes, name.isEmpty() ? "The image" : name).named(name);
  }

  /**
   * Makes an image from its samples.
   *
   * @param width at least 1
   * @param height at least 1
   * @param rgb {@code height × width × 3} bytes, row by row, red first; not copied, so leave it
   *     unchanged afterwards
   * @return the image
   * @throws BadArgument if the sizes do not fit
   */
  public static Image ofRgb(int width, int height, byte[] rgb) {
    return new Image("", width, height, rgb).checked();
  }

  /**
   * Converts one of Java's images.
   *
   * @param picture any type; alpha is dropped
   * @return a copy
   */
  public static Image of(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < height; y++) {
      picture.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[out++] = (byte) (pixel >> 16);
        rgb[out++] = (byte) (pixel >> 8);
        rgb[out++] = (byte) pixel;
      }
    }
    return ofRgb(width, height, rgb);
  }

  private Image checked() {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new BadArgument(
          "An image needs width × height × 3 bytes; found "
              + width
              + " × "
              + height
              + " with "
              + rgb.length
              + " bytes.");
    }
    return this;
  }

  /**
   * The same picture under a name.
   *
   * @param newName such as the file it came from
   * @return an image that shares the pixels
   */
  public Image named(String newName) {
    return new Image(newName, width, height, rgb);
  }

  /**
   * The name of the image.
   *
   * @return the path it was read from, the name it was given, or an empty text
   */
  public String name() {
    return name;
  }

  /**
   * The width.
   *
   * @return pixels, at least 1
   */
  public int width() {
    return width;
  }

  /**
   * The height.
   *
   * @return pixels, at least 1
   */
  public int height() {
    return height;
  }

  /**
   * The samples. This is not a copy: do not change them.
   *
   * @return {@code height × width × 3} bytes, row by row, red first
   */
  public byte[] rgb() {
    return rgb;
  }
}
