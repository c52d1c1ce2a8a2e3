// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import dev.whybox.WhyboxException.BadArgument;
import java.awt.image.BufferedImage;

/**
 * A picture as a person sees it: 8-bit RGB, upright, without alpha. Immutable, so safe to share
 * between threads.
 */
public final class Image {
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
   * An image from its samples.
   *
   * @param width at least 1
   * @param height at least 1
   * @param rgb {@code height × width × 3} bytes, row by row, red first; not copied, so leave it
   *     unchanged afterwards
   * @return the image
   * @throws BadArgument where the sizes do not fit
   */
  public static Image ofRgb(int width, int height, byte[] rgb) {
    return new Image("", width, height, rgb).checked();
  }

  /**
   * An image from Java's own.
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
   * Where the image came from.
   *
   * @return the path it was read from, or an empty text
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
   * The samples themselves, not a copy: leave them unchanged.
   *
   * @return {@code height × width × 3} bytes, row by row, red first
   */
  public byte[] rgb() {
    return rgb;
  }
}
