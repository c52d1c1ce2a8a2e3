// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.image.Image;

/** How an image is cut into segments. */
public sealed interface Segmentation {

  /**
   * Cuts an image.
   *
   * @param content the image as the letterbox has resized it, without the padding
   * @return the segments, with the content's width and height
   */
  Segments of(Image content);

  /**
   * A grid of cells of equal size, up to a pixel.
   *
   * @param rows at least 1; an image with fewer rows of pixels gets as many as it has
   * @param columns at least 1; likewise
   * @return the segmentation
   */
  static Segmentation grid(int rows, int columns) {
    return new Grid(rows, columns);
  }

  /**
   * A grid of cells.
   *
   * @param rows at least 1
   * @param columns at least 1
   */
  record Grid(int rows, int columns) implements Segmentation {
    @Override
    public Segments of(Image content) {
      int width = content.width();
      int height = content.height();
      int r = Math.min(rows, height);
      int c = Math.min(columns, width);
      int[] labels = new int[width * height];
      for (int y = 0; y < height; y++) {
        int row = (int) ((long) y * r / height);
        for (int x = 0; x < width; x++) {
          labels[y * width + x] = row * c + (int) ((long) x * c / width);
        }
      }
      return new Segments(width, height, labels, r * c, r, c);
    }

    @Override
    public String toString() {
      return "grid:" + rows + "x" + columns;
    }
  }
}
