// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.UnreadableImage;
import dev.whybox.image.Image;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A way to cut an image into segments. */
public sealed interface Segmentation {

  /**
   * Cuts an image.
   *
   * @param content the image, already resized by the letterbox, without the padding
   * @return the segments, with the content's width and height
   * @throws BadArgument if an image of segments does not fit the image
   * @throws UnreadableImage if an image of segments cannot be read
   * @throws ImageTooLarge if an image of segments has too many pixels
   */
  Segments of(Image content);

  /**
   * A grid of cells that are equal in size, within one pixel.
   *
   * @param rows 1 to 64; fewer if the image has fewer rows of pixels
   * @param columns 1 to 64; fewer if the image has fewer columns of pixels
   * @return the segmentation
   * @throws BadArgument if a number is outside its range, or if there are more than 1,024 cells
   */
  static Segmentation grid(int rows, int columns) {
    return new Grid(rows, columns);
  }

  /**
   * Superpixels: segments that follow the edges in the image.
   *
   * @param count the approximate number of superpixels, 1 to 1,024; fewer if their sides would be
   *     below 5 pixels
   * @return the segmentation
   * @throws BadArgument if the number is outside its range
   */
  static Segmentation slic(int count) {
    return new Slic(count);
  }

  /**
   * Segments that somebody has drawn.
   *
   * @param file a PNG with the image's sides, or with sides in the same ratio. Each gray value or
   *     colour is a segment, numbered in ascending order; at most 1,024 of them. A segment that is
   *     too small to keep a pixel at the content's size keeps its number and gets the value 0
   * @return the segmentation; it reads the file when it cuts an image
   */
  static Segmentation labels(Path file) {
    return new Labels(file);
  }

  /**
   * Finds a segmentation by its name.
   *
   * @param text {@code grid:ROWSxCOLUMNS}, {@code slic:COUNT} or the path of a PNG
   * @return the segmentation; its {@code toString} is that name
   * @throws BadArgument if the text is none of these, or if there is no such file
   */
  static Segmentation parse(String text) {
    Matcher grid = Pattern.compile("grid:(\\d{1,9})x(\\d{1,9})").matcher(text);
    if (grid.matches()) {
      return grid(Integer.parseInt(grid.group(1)), Integer.parseInt(grid.group(2)));
    }
    Matcher slic = Pattern.compile("slic:(\\d{1,9})").matcher(text);
    if (slic.matches()) {
      return slic(Integer.parseInt(slic.group(1)));
    }
    if (!text.toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new BadArgument(
          "The segments must be a grid (grid:16x16), superpixels (slic:100) or a drawing"
              + " (FILE.png), but are \""
              + text
              + "\".");
    }
    try {
      Path file = Path.of(text);
      if (Files.isRegularFile(file)) {
        return labels(file);
      }
    } catch (InvalidPathException e) {
      // falls through: a text that is not a path is not a file either
    }
    throw new BadArgument("The drawing of segments " + text + " is no file. Check the path.");
  }

  /**
   * A grid of cells.
   *
   * @param rows 1 to {@value #MAX_SIDE}
   * @param columns 1 to {@value #MAX_SIDE}
   */
  record Grid(int rows, int columns) implements Segmentation {
    private static final int MAX_SIDE = 64;

    /**
     * Checks the ranges.
     *
     * @param rows 1 to {@value #MAX_SIDE}
     * @param columns 1 to {@value #MAX_SIDE}
     * @throws BadArgument if a number is outside its range, or if there are too many cells in all
     */
    public Grid {
      if (rows < 1 || rows > MAX_SIDE || columns < 1 || columns > MAX_SIDE) {
        throw new BadArgument(
            String.format(
                "A grid must have 1 to %d rows and columns, but has %d rows and %d columns.",
                MAX_SIDE, rows, columns));
      }
      if (rows * columns > Segments.MAX_COUNT) {
        throw new BadArgument(
            String.format(
                "A grid may have %d cells in all, but %d × %d are %d. Take fewer rows or columns.",
                Segments.MAX_COUNT, rows, columns, rows * columns));
      }
    }

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

  /**
   * Superpixels.
   *
   * @param count the approximate number, 1 to {@value #MAX_COUNT}
   */
  record Slic(int count) implements Segmentation {
    private static final int MAX_COUNT = Segments.MAX_COUNT;

    /**
     * Checks the range.
     *
     * @param count the approximate number, 1 to {@value #MAX_COUNT}
     * @throws BadArgument if the number is outside its range
     */
    public Slic {
      if (count < 1 || count > MAX_COUNT) {
        throw new BadArgument(
            "There must be 1 to " + MAX_COUNT + " superpixels, but " + count + " are asked for.");
      }
    }

    @Override
    public Segments of(Image content) {
      return Superpixels.of(content, count);
    }

    @Override
    public String toString() {
      return "slic:" + count;
    }
  }

  /**
   * Segments drawn in a PNG.
   *
   * @param file the PNG
   */
  record Labels(Path file) implements Segmentation {

    @Override
    public Segments of(Image content) {
      return DrawnSegments.of(content, file);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
