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

/** How an image is cut into segments. */
public sealed interface Segmentation {

  /**
   * Cuts an image.
   *
   * @param content the image as the letterbox has resized it, without the padding
   * @return the segments, with the content's width and height
   * @throws BadArgument where a drawing of segments does not fit the image
   * @throws UnreadableImage where a drawing of segments can't be read
   * @throws ImageTooLarge where a drawing of segments has too many pixels
   */
  Segments of(Image content);

  /**
   * A grid of cells of equal size, up to a pixel.
   *
   * @param rows 1 to 64; an image with fewer rows of pixels gets as many as it has
   * @param columns 1 to 64; likewise
   * @return the segmentation
   * @throws BadArgument where a number is outside its range
   */
  static Segmentation grid(int rows, int columns) {
    return new Grid(rows, columns);
  }

  /**
   * Superpixels, which follow the edges of what is seen.
   *
   * @param count about how many, 1 to 1,024; fewer where they would have sides below 5 pixels
   * @return the segmentation
   * @throws BadArgument where the number is outside its range
   */
  static Segmentation slic(int count) {
    return new Slic(count);
  }

  /**
   * Segments that somebody has drawn.
   *
   * @param file a PNG with the image's sides, or sides in the same ratio, in which every gray value
   *     or colour is a segment, in ascending order; at most 1,024 of them. One that is too small to
   *     keep a pixel at the content's size keeps its number, and is worth nothing
   * @return the segmentation, which reads the file when it cuts an image
   */
  static Segmentation labels(Path file) {
    return new Labels(file);
  }

  /**
   * The segmentation of a name.
   *
   * @param text {@code grid:ROWSxCOLUMNS}, {@code slic:COUNT} or the path of a PNG
   * @return the segmentation, whose {@code toString} is that name
   * @throws BadArgument where the text is none of these, or there is no such file
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
      // falls through: what is no path is no file either
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
     * @throws BadArgument where a number is outside its range
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
   * @param count about how many, 1 to {@value #MAX_COUNT}
   */
  record Slic(int count) implements Segmentation {
    private static final int MAX_COUNT = Segments.MAX_COUNT;

    /**
     * Checks the range.
     *
     * @param count about how many, 1 to {@value #MAX_COUNT}
     * @throws BadArgument where the number is outside its range
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
