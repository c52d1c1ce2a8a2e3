// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

/**
 * The players of the game: every pixel of the content (the image as the letterbox has resized it,
 * without the padding) belongs to exactly one. Immutable.
 */
public final class Segments {
  /** More segments than this would make the fit cost more than the forward passes. */
  public static final int MAX_COUNT = 1024;

  private final int width;
  private final int height;
  private final int count;
  private final int rows;
  private final int columns;
  private final int[] labels;
  private final int[] cells;

  /**
   * Takes ownership of the labels.
   *
   * @param width of the content
   * @param height of the content
   * @param labels {@code height × width} numbers in [0, count), row by row
   * @param count how many segments, at least 1
   * @param rows rows of the grid, or 0 where the segments are no grid
   * @param columns columns of the grid, or 0 where the segments are no grid
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
   * Coarser segments, each made of some of these.
   *
   * @param owners of each of these segments the number of the coarser one that it goes into
   * @param count how many coarser ones there are, each of at least one of these
   * @return segments that are no grid and know how many of these each is made of
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
   * How many segments of a finer division a segment is made of.
   *
   * @param segment a number in [0, count)
   * @return 1 but for a block of several cells of a grid
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
   * How many segments there are.
   *
   * @return at least 1
   */
  public int count() {
    return count;
  }

  /**
   * Rows of the grid.
   *
   * @return 0 where the segments are no grid
   */
  public int rows() {
    return rows;
  }

  /**
   * Columns of the grid; segment {@code r * columns + c} is the cell in row r and column c.
   *
   * @return 0 where the segments are no grid
   */
  public int columns() {
    return columns;
  }

  /**
   * The segment of a pixel.
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
