// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

/**
 * The segments of a content (the image as the letterbox has resized it, without the padding). They
 * are the players of the game. Every pixel belongs to exactly one segment. Immutable.
 */
public final class Segments {
  /** The largest number of segments. With more, the fit would cost more than the forward passes. */
  public static final int MAX_COUNT = 1024;

  private final int width;
  private final int height;
  private final int count;
  private final int rows;
  private final int columns;
  private final int[] labels;
  private final int[] cells;

  /**
   * Makes segments. It takes ownership of the labels.
   *
   * @param width width of the content in pixels
   * @param height height of the content in pixels
   * @param labels {@code height × width} numbers in [0, count), row by row
   * @param count the number of segments, at least 1
   * @param rows rows of the grid, or 0 if the segments are not a grid
   * @param columns columns of the grid, or 0 if the segments are not a grid
   */
  public Segments(int width, int height, int[] labels, int count, int rows, int columns) {
    this(width, height, labels, count, rows, columns, null);
  }

  private Segments(
      int width, int height, int[] labels, int count, int rows, int columns, int[] cells) {
    this.width = width;
    this.height = height;
    this.labels = labels;
    this.count = count;
    this.rows = rows;
    this.columns = columns;
    this.cells = cells;
  }

  /**
   * Joins segments to coarser ones.
   *
   * @param owners for each of these segments, the number of the coarser segment that it joins
   * @param count the number of coarser segments; each is made of at least one of these
   * @return the coarser segments. They are not a grid, and {@link #cells} says how many of these
   *     each is made of
   */
  public Segments merged(int[] owners, int count) {
    int[] merged = new int[labels.length];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = owners[labels[i]];
    }
    int[] sizes = new int[count];
    for (int owner : owners) {
      sizes[owner]++;
    }
    return new Segments(width, height, merged, count, 0, 0, sizes);
  }

  /**
   * The number of original segments in a merged segment; see {@link #merged}.
   *
   * @param segment a number in [0, count)
   * @return 1, or more for a merged block of several cells of a grid
   */
  public int cells(int segment) {
    return cells == null ? 1 : cells[segment];
  }

  /**
   * The content's width.
   *
   * @return pixels
   */
  public int width() {
    return width;
  }

  /**
   * The content's height.
   *
   * @return pixels
   */
  public int height() {
    return height;
  }

  /**
   * The number of segments.
   *
   * @return at least 1
   */
  public int count() {
    return count;
  }

  /**
   * The rows of the grid.
   *
   * @return at least 1, or 0 if the segments are not a grid
   */
  public int rows() {
    return rows;
  }

  /**
   * The columns of the grid. Segment {@code r * columns + c} is the cell in row r and column c.
   *
   * @return at least 1, or 0 if the segments are not a grid
   */
  public int columns() {
    return columns;
  }

  /**
   * The segment of a pixel of the content.
   *
   * @param x column of the content
   * @param y row of the content
   * @return a number in [0, count)
   */
  public int label(int x, int y) {
    return labels[y * width + x];
  }

  /**
   * The segment of a pixel of the image that the content was made from.
   *
   * @param x column of the image
   * @param y row of the image
   * @param imageWidth the image's width
   * @param imageHeight the image's height
   * @return a number in [0, count)
   */
  public int labelAt(int x, int y, int imageWidth, int imageHeight) {
    return label((int) ((long) x * width / imageWidth), (int) ((long) y * height / imageHeight));
  }
}
