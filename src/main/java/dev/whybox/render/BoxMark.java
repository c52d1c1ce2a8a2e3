// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Box;
import dev.whybox.image.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a box and its label on a picture. The line lies between two thin dark lines, so it shows on
 * any background.
 */
final class BoxMark {
  private static final int HALO = 0x101014;

  private final Text text;
  private final int line;

  /** Marks for a picture with text of {@code size} pixels height. */
  BoxMark(int size) {
    this.text = new Text(size, true);
    this.line = Math.max(size / 7, 1);
  }

  /**
   * Draws a box.
   *
   * @param box relative to (left, top), in pixels of the canvas
   * @param dashed true for a box that the user asked about
   */
  void box(Canvas canvas, Box box, int left, int top, boolean dashed, int color) {
    int x1 = left + Math.round(box.x1()) - line / 2;
    int y1 = top + Math.round(box.y1()) - line / 2;
    int x2 = Math.max(left + Math.round(box.x2()) + (line + 1) / 2, x1 + 1);
    int y2 = Math.max(top + Math.round(box.y2()) + (line + 1) / 2, y1 + 1);
    int halo = Math.max(line / 3, 1);
    int dash = dashed ? 4 * line : 0;
    canvas.frame(x1 - halo, y1 - halo, x2 + halo, y2 + halo, line + 2 * halo, dash, HALO);
    canvas.frame(x1, y1, x2, y2, line, dash, color);
  }

  /**
   * Draws a region's outline.
   *
   * @param scale pixels of the canvas per pixel of the region
   * @param left where the region's pixels begin on the canvas
   * @param top where they begin
   * @param dashed true for a region that the user asked about
   */
  void region(
      Canvas canvas, Region region, double scale, int left, int top, boolean dashed, int color) {
    if (region instanceof Box box) {
      box(canvas, scaled(box, scale), left, top, dashed, color);
      return;
    }
    int halo = Math.max(line / 3, 1);
    int dash = dashed ? 4 * line : 0;
    List<double[]> rings = new ArrayList<>();
    for (float[] ring : region.outline()) {
      double[] placed = new double[ring.length];
      for (int i = 0; i < ring.length; i++) {
        placed[i] = ring[i] * scale + (i % 2 == 0 ? left : top);
      }
      rings.add(placed);
    }
    rings.forEach(ring -> canvas.ring(ring, line + 2 * halo, dash, HALO));
    rings.forEach(ring -> canvas.ring(ring, line, dash, color));
  }

  /** A box in pixels of a scaled picture. */
  static Box scaled(Box box, double scale) {
    return new Box(
        (float) (box.x1() * scale),
        (float) (box.y1() * scale),
        (float) (box.x2() * scale),
        (float) (box.y2() * scale));
  }

  /**
   * A place for a label in a stack of labels at the upper left corner.
   *
   * @param index from the top
   */
  Box stacked(int index) {
    float edge = (index + 1) * (text.height() + Math.max(text.height() / 4, 2)) + line / 2;
    return new Box(line / 2, edge, line / 2, edge);
  }

  /**
   * Draws a label at a box: above it if there is room, and always inside the picture. A picture
   * that is too small gets no label.
   *
   * @param picture the area for labels, in pixels of the canvas
   */
  void label(Canvas canvas, Box box, Box picture, String label, int color) {
    int pad = Math.max(text.height() / 4, 2);
    int width = text.width(label) + 2 * pad;
    int height = text.height() + pad;
    if (width > picture.x2() - picture.x1() || 2 * height > picture.y2() - picture.y1()) {
      return;
    }
    int edge = line / 2;
    int x = Math.round(picture.x1() + box.x1()) - edge;
    int above = Math.round(picture.y1() + box.y1()) - edge - height;
    int y = above >= picture.y1() ? above : above + height;
    x = (int) Math.min(Math.max(x, picture.x1()), picture.x2() - width);
    y = (int) Math.min(Math.max(y, picture.y1()), picture.y2() - height);
    canvas.fill(x, y, x + width, y + height, color);
    text.draw(canvas, label, x + pad, y + pad / 2, Rgb.legibleOn(color));
  }
}
