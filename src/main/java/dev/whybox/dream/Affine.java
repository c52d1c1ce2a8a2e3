// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/**
 * A view of a picture: where each pixel of the view lies in the picture. Coordinates are those of
 * pixels' centres, x to the right, y down.
 *
 * @param xx how much the picture's x grows with the view's x
 * @param xy how much the picture's x grows with the view's y
 * @param x0 the picture's x at the view's origin
 * @param yx how much the picture's y grows with the view's x
 * @param yy how much the picture's y grows with the view's y
 * @param y0 the picture's y at the view's origin
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {

  /** The picture as it is. */
  public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  /**
   * A picture turned and enlarged about its middle, then moved.
   *
   * @param width the picture's width in pixels
   * @param height the picture's height in pixels
   * @param degrees by how much it is turned clockwise
   * @param scale by how much it is enlarged, above 0
   * @param dx pixels to the right
   * @param dy pixels down
   * @return the view
   */
  static Affine of(int width, int height, double degrees, double scale, double dx, double dy) {
    double angle = StrictMath.toRadians(degrees);
    double cos = StrictMath.cos(angle) / scale;
    double sin = StrictMath.sin(angle) / scale;
    double cx = (width - 1) / 2.0;
    double cy = (height - 1) / 2.0;
    return new Affine(
        cos,
        sin,
        cx - cos * (cx + dx) - sin * (cy + dy),
        -sin,
        cos,
        cy + sin * (cx + dx) - cos * (cy + dy));
  }

  /**
   * Where a place of the picture appears in the view.
   *
   * @param x the picture's x
   * @param y the picture's y
   * @return the view's x and y, which may lie outside it
   */
  public double[] toView(double x, double y) {
    double determinant = xx * yy - xy * yx;
    double dx = x - x0;
    double dy = y - y0;
    return new double[] {(yy * dx - xy * dy) / determinant, (xx * dy - yx * dx) / determinant};
  }
}
