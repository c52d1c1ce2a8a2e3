// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Box;

/**
 * The layout of a contact sheet: the positions and sizes of its tiles. A title stands below each
 * picture, and gaps lie around it.
 *
 * @param columns tiles per row
 * @param rows rows of tiles
 * @param cellWidth the width of a tile's cell; the picture is centred in it
 * @param cellHeight the height of a tile's cell
 * @param pictureWidth the width of a picture
 * @param pictureHeight the height of a picture
 * @param scale pixels of a tile's picture per pixel of the image
 */
record Tiling(
    int columns,
    int rows,
    int cellWidth,
    int cellHeight,
    int pictureWidth,
    int pictureHeight,
    double scale) {
  private static final int WIDEST_SHEET = 2400;
  private static final int WIDEST_TILE = 560;
  private static final int NARROWEST_TILE = 240;

  /** The largest enlargement of small images. */
  private static final double LARGEST_SCALE = 4;

  /** The wanted ratio of a sheet's width to its height. */
  private static final double SHEET_SHAPE = 1.5;

  static Tiling of(int tiles, int imageWidth, int imageHeight) {
    double shape = Math.min(Math.max((double) imageWidth / imageHeight, 0.5), 2.5);
    int columns = (int) Math.round(Math.sqrt(tiles * SHEET_SHAPE / shape));
    columns = Math.min(Math.max(columns, tiles > 1 ? 2 : 1), Math.min(tiles, 8));
    int rows = (tiles + columns - 1) / columns;
    int cellWidth = Math.min((WIDEST_SHEET - 20) / columns - 20, WIDEST_TILE);
    cellWidth = (int) Math.max(Math.min(cellWidth, LARGEST_SCALE * imageWidth), NARROWEST_TILE);
    int cellHeight = Math.max((int) Math.round(cellWidth / shape), 1);
    double scale =
        Math.min(
            Math.min((double) cellWidth / imageWidth, (double) cellHeight / imageHeight),
            LARGEST_SCALE);
    int pictureWidth = Math.max((int) Math.round(imageWidth * scale), 1);
    int pictureHeight = Math.max((int) Math.round(imageHeight * scale), 1);
    return new Tiling(columns, rows, cellWidth, cellHeight, pictureWidth, pictureHeight, scale);
  }

  int gap() {
    return 20;
  }

  int textSize() {
    return Math.min(Math.max(cellWidth / 24, 15), 20);
  }

  int width() {
    return gap() + columns * (cellWidth + gap());
  }

  /** The height of all rows, without the lines below them. */
  int height() {
    return gap() + rows * rowHeight();
  }

  private int rowHeight() {
    return cellHeight + 2 * textSize() + gap() / 2;
  }

  int left(int tile) {
    return cellLeft(tile) + (cellWidth - pictureWidth) / 2;
  }

  int top(int tile) {
    return cellTop(tile) + (cellHeight - pictureHeight) / 2;
  }

  private int cellLeft(int tile) {
    return gap() + tile % columns * (cellWidth + gap());
  }

  private int cellTop(int tile) {
    return gap() + tile / columns * rowHeight();
  }

  /** The area of a tile's picture, in pixels of the sheet. */
  Box picture(int tile) {
    int x = left(tile);
    int y = top(tile);
    return new Box(x, y, x + pictureWidth, y + pictureHeight);
  }

  /** Converts a box from pixels of the image to pixels of a tile's picture. */
  Box scaled(Box box) {
    return BoxMark.scaled(box, scale);
  }

  /** Clears the gaps around a tile's picture: boxes at its edge are drawn into them. */
  void clear(Canvas canvas, int tile) {
    int margin = gap() / 2;
    int x1 = left(tile);
    int y1 = top(tile);
    int x2 = x1 + pictureWidth;
    int y2 = y1 + pictureHeight;
    canvas.fill(x1 - margin, y1 - margin, x2 + margin, y1, Footer.GROUND);
    canvas.fill(x1 - margin, y2, x2 + margin, y2 + margin, Footer.GROUND);
    canvas.fill(x1 - margin, y1, x1, y2, Footer.GROUND);
    canvas.fill(x2, y1, x2 + margin, y2, Footer.GROUND);
  }

  /** Writes a tile's title. */
  void title(Canvas canvas, int tile, String title) {
    Text text = new Text(textSize(), true);
    int y = cellTop(tile) + cellHeight + textSize() / 3;
    text.draw(canvas, text.cut(title, cellWidth), cellLeft(tile), y, Footer.INK);
  }
}
