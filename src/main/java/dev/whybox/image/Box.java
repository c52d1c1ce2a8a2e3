// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import java.util.List;

/**
 * An axis-aligned rectangle in pixels. Whoever holds a box says which image its pixels belong to.
 *
 * @param x1 left edge
 * @param y1 top edge
 * @param x2 right edge, not less than {@code x1}
 * @param y2 bottom edge, not less than {@code y1}
 */
public record Box(float x1, float y1, float x2, float y2) implements Region {

  /**
   * The area.
   *
   * @return width times height, in square pixels
   */
  public float area() {
    return (x2 - x1) * (y2 - y1);
  }

  /**
   * Intersection over union (the Jaccard index) with another box.
   *
   * @param other the other box, in the same pixels
   * @return a value in [0,1]; 0 if both are empty
   */
  public float iou(Box other) {
    return iou(x1, y1, x2, y2, other.x1, other.y1, other.x2, other.y2);
  }

  /**
   * The same as {@link #iou(Box)}, without objects: it is called for every anchor.
   *
   * @param ax1 left edge of the first box
   * @param ay1 top edge of the first box
   * @param ax2 right edge of the first box
   * @param ay2 bottom edge of the first box
   * @param bx1 left edge of the second box
   * @param by1 top edge of the second box
   * @param bx2 right edge of the second box
   * @param by2 bottom edge of the second box
   * @return a value in [0,1]; 0 if both boxes are empty or an edge is NaN
   */
  public static float iou(
      float ax1, float ay1, float ax2, float ay2, float bx1, float by1, float bx2, float by2) {
    float w = Math.min(ax2, bx2) - Math.max(ax1, bx1);
    float h = Math.min(ay2, by2) - Math.max(ay1, by1);
    if (!(w > 0 && h > 0)) {
      return 0;
    }
    float intersection = w * h;
    return intersection / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - intersection);
  }

  /**
   * Moves the box.
   *
   * @param dx pixels to the right
   * @param dy pixels down
   * @return the moved box
   */
  @Override
  public Box moved(float dx, float dy) {
    return new Box(x1 + dx, y1 + dy, x2 + dx, y2 + dy);
  }

  /**
   * Cuts the box to {@code [0,width] × [0,height]}.
   *
   * @param width the right limit
   * @param height the lower limit
   * @return the part inside; an empty box (area 0) if nothing is inside
   */
  @Override
  public Box clip(float width, float height) {
    return new Box(
        Math.min(Math.max(x1, 0), width),
        Math.min(Math.max(y1, 0), height),
        Math.min(Math.max(x2, 0), width),
        Math.min(Math.max(y2, 0), height));
  }

  /** The {@link #iou} with the other region's bounds. */
  @Override
  public float similarity(Region other) {
    return iou(other.bounds());
  }

  @Override
  public Kind kind() {
    return Kind.BOX;
  }

  @Override
  public Box bounds() {
    return this;
  }

  @Override
  public List<float[]> outline() {
    return List.of(new float[] {x1, y1, x2, y1, x2, y2, x1, y2});
  }

  @Override
  public Box toInput(Letterbox letterbox) {
    return letterbox.toInput(this);
  }

  @Override
  public Box toImage(Letterbox letterbox) {
    return letterbox.toImage(this);
  }
}
