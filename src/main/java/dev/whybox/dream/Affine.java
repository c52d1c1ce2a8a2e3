// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/**
 * A view of a picture: it maps each pixel of the view to a position in the picture, by an affine
 * transformation. Coordinates are those of pixel centres: x to the right, y down.
 *
 * @param xx growth of the picture's x per pixel of the view's x
 * @param xy growth of the picture's x per pixel of the view's y
 * @param x0 the picture's x at the view's origin
 * @param yx growth of the picture's y per pixel of the view's x
 * @param yy growth of the picture's y per pixel of the view's y
 * @param y0 the picture's y at the view's origin
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {

  /** The picture as it is. */
  public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  /**
   * The view of a picture that is rotated and enlarged about its centre, then moved.
   *
   * @param width the picture's width in pixels
   * @param height the picture's height in pixels
   * @param degrees the rotation in degrees, clockwise
   * @param scale the factor of enlargement, above 0
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
   * Maps a position in the picture to the view.
   *
   * @param x the picture's x
   * @param y the picture's y
   * @return the view's x and y, which may lie outside the view
   */
  public double[] toView(double x, double y) {
    double determinant = xx * yy - xy * yx;
    double dx = x - x0;
    double dy = y - y0;
    return new double[] {(yy * dx - xy * dy) / determinant, (xx * dy - yx * dx) / determinant};
  }
}
