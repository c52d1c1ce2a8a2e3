// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Box;
import dev.whybox.image.Keypoints;
import dev.whybox.image.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws boxes and labels on a picture. A box's line lies between two thin dark lines, so it shows
 * on any background.
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
   * Draws a region's outline, and the keypoints that are seen or asked about.
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
    if (region instanceof Keypoints body) {
      for (int i = 0; i < body.points().size(); i++) {
        if (body.chosen() < 0 ? body.seen(i) : body.chosen() == i) {
          double x = body.points().get(i).x() * scale + left;
          double y = body.points().get(i).y() * scale + top;
          canvas.dot(x, y, 3 * line + 2 * halo, HALO);
          canvas.dot(x, y, 3 * line, color);
        }
      }
    }
  }

  /** A box in pixels of a scaled picture. */
  static Box scaled(Box box, double scale) {
    return new Box(
        (float) (box.x1() * scale),
        (float) (box.y1() * scale),
        (float) (box.x2() * scale),
        (float) (box.y2() * scale));
  }

  /** How far the line reaches out of a box, in pixels. */
  int edge() {
    return line / 2;
  }

  /** The width of a label in pixels. */
  int labelWidth(String label) {
    return text.width(label) + 2 * pad();
  }

  /** The height of a label in pixels. */
  int labelHeight() {
    return text.height() + pad();
  }

  private int pad() {
    return Math.max(text.height() / 4, 2);
  }

  /** Draws a label with its upper left corner at (x, y); see {@link Labels} for the place. */
  void label(Canvas canvas, int x, int y, String label, int color) {
    canvas.fill(x, y, x + labelWidth(label), y + labelHeight(), color);
    text.draw(canvas, label, x + pad(), y + pad() / 2, Rgb.legibleOn(color));
  }
}
