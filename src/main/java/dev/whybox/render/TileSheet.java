// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Image;
import java.util.ArrayList;
import java.util.List;

/** Draws many small pictures on pages: a head with a title, tiles with labels, notes below. */
final class TileSheet {
  /** The number of tiles per page. */
  static final int PER_PAGE = 64;

  /** The largest width and height of a tile's picture, in pixels. */
  static final int TILE = 160;

  private static final int COLUMNS = 8;
  private static final int GAP = 18;
  private static final int LABEL = 17;
  private static final int BAR = 5;

  /** The height of the colour bar. */
  private static final int LEGEND = 12;

  private static final int ROW = TILE + LABEL + BAR + 12 + GAP;
  private static final int WIDTH = GAP + COLUMNS * (TILE + GAP);
  private static final int POSITIVE = 0xE0694F;
  private static final int NEGATIVE = 0x5B82E8;

  private final Text title = new Text(28, true);
  private final Text text = new Text(18, false);
  private final Text label = new Text(LABEL, true);
  private final Text value = new Text(LABEL, false);

  /**
   * One tile.
   *
   * @param picture at most {@value #TILE} pixels wide and high
   * @param name text below it on the left
   * @param value text below it on the right
   * @param bar −1 to 1: a bar to the left or right of the middle; NaN for none
   */
  record Tile(Image picture, String name, String value, double bar) {}

  /**
   * Draws the pages.
   *
   * @param picture a picture beside the title, or null
   * @param heading the title; if there are several pages, the page's number is added
   * @param facts lines below the title
   * @param notes lines below the tiles
   * @param bar the colours of all tiles, or null
   */
  List<Image> pages(
      Image picture,
      String heading,
      List<String> facts,
      List<Tile> tiles,
      List<String> notes,
      ColorBar bar) {
    List<Image> pages = new ArrayList<>();
    int count = Math.max(1, (tiles.size() + PER_PAGE - 1) / PER_PAGE);
    for (int page = 0; page < count; page++) {
      int from = page * PER_PAGE;
      int to = Math.min(from + PER_PAGE, tiles.size());
      String part = count == 1 ? heading : heading + " · page %d of %d".formatted(page + 1, count);
      pages.add(page(picture, part, facts, tiles.subList(from, to), notes, bar));
    }
    return pages;
  }

  private Image page(
      Image picture,
      String heading,
      List<String> facts,
      List<Tile> tiles,
      List<String> notes,
      ColorBar bar) {
    int left = GAP + (picture == null ? 0 : picture.width() + GAP);
    List<String> facing = wrapped(facts, WIDTH - left - GAP);
    List<String> below = wrapped(notes, WIDTH - 2 * GAP);
    int line = text.height() * 4 / 3;
    int words = title.height() * 3 / 2 + facing.size() * line;
    int head = 2 * GAP + Math.max(words, picture == null ? 0 : picture.height());
    int rows = (tiles.size() + COLUMNS - 1) / COLUMNS;
    int legend = bar == null ? 0 : ColorBar.height(LEGEND, text.height()) + GAP;
    int height = head + rows * ROW + legend + below.size() * line + GAP;
    Canvas canvas = new Canvas(WIDTH, height, Footer.GROUND);
    if (picture != null) {
      canvas.draw(picture, GAP, GAP);
    }
    title.draw(canvas, title.cut(heading, WIDTH - left - GAP), left, GAP, Footer.INK);
    lines(canvas, facing, left, GAP + title.height() * 3 / 2, Footer.MUTED);
    for (int i = 0; i < tiles.size(); i++) {
      int x = GAP + i % COLUMNS * (TILE + GAP);
      tile(canvas, tiles.get(i), x, head + i / COLUMNS * ROW);
    }
    if (bar != null) {
      bar.draw(canvas, text, GAP, head + rows * ROW, WIDTH - 2 * GAP, LEGEND);
    }
    lines(canvas, below, GAP, head + rows * ROW + legend, Footer.MUTED);
    return canvas.image();
  }

  private List<String> wrapped(List<String> lines, int width) {
    List<String> result = new ArrayList<>();
    lines.forEach(each -> result.addAll(text.wrap(each, width)));
    return result;
  }

  private void lines(Canvas canvas, List<String> lines, int x, int top, int color) {
    int y = top;
    for (String each : lines) {
      text.draw(canvas, each, x, y, color);
      y += text.height() * 4 / 3;
    }
  }

  private void tile(Canvas canvas, Tile tile, int x, int y) {
    Image picture = tile.picture();
    canvas.draw(picture, x + (TILE - picture.width()) / 2, y + (TILE - picture.height()) / 2);
    int below = y + TILE + 5;
    label.draw(canvas, tile.name(), x, below, Footer.INK);
    value.draw(canvas, tile.value(), x + TILE - value.width(tile.value()), below, Footer.INK);
    if (!Double.isNaN(tile.bar())) {
      int top = below + LABEL + 3;
      int middle = x + TILE / 2;
      int end = middle + (int) Math.round(tile.bar() * TILE / 2);
      canvas.fill(x, top + BAR / 2, x + TILE, top + BAR / 2 + 1, 0x3A3D45);
      int color = tile.bar() < 0 ? NEGATIVE : POSITIVE;
      canvas.fill(Math.min(middle, end), top, Math.max(middle, end), top + BAR, color);
    }
  }

  /**
   * Enlarges a picture with this many columns as far as a tile allows; each pixel becomes a square.
   */
  static Image enlarged(int[] colors, int columns) {
    int rows = colors.length / columns;
    int factor = Math.max(1, TILE / Math.max(rows, columns));
    Canvas canvas = new Canvas(columns * factor, rows * factor, Footer.GROUND);
    for (int i = 0; i < colors.length; i++) {
      int x = i % columns * factor;
      int y = i / columns * factor;
      canvas.fill(x, y, x + factor, y + factor, colors[i]);
    }
    Image picture = canvas.image();
    int longer = Math.max(picture.width(), picture.height());
    return longer <= TILE
        ? picture
        : Resized.of(
            picture,
            Math.max(1, picture.width() * TILE / longer),
            Math.max(1, picture.height() * TILE / longer));
  }
}
