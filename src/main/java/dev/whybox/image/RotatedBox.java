// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import java.util.List;

/**
 * A rectangle that is turned about its centre. It is never cut: a turned rectangle without a corner
 * is none, so it may reach outside its image.
 *
 * @param x the centre, in pixels
 * @param y the centre, in pixels
 * @param width the side along the angle, in pixels, at least 0
 * @param height the other side, in pixels, at least 0
 * @param angle from the x axis to the side {@code width}, in radians, clockwise as y points down
 */
public record RotatedBox(float x, float y, float width, float height, float angle)
    implements Region {

  @Override
  public Kind kind() {
    return Kind.ROTATED_BOX;
  }

  /**
   * Probabilistic IoU (Llerena et al., "Gaussian bounding boxes and probabilistic intersection over
   * union for object detection", 2021), which Ultralytics uses for rotated boxes: each box is a
   * normal distribution of the same centre and covariance, and the value is 1 less the Hellinger
   * distance of the two. It is smooth, and it can be larger or smaller than the shared part of the
   * area: of two equal boxes that lie half their width apart it is 0.44, where the shared part is
   * 0.33. With a region of another kind it is the IoU of the bounds.
   */
  @Override
  public float similarity(Region other) {
    return other instanceof RotatedBox box
        ? (float) probabilistic(box)
        : bounds().iou(other.bounds());
  }

  private double probabilistic(RotatedBox other) {
    double[] own = covariance();
    double[] its = other.covariance();
    double a = own[0] + its[0];
    double b = own[1] + its[1];
    double c = own[2] + its[2];
    double dx = (double) other.x - x;
    double dy = (double) other.y - y;
    double joint = a * b - c * c;
    double areas = area() * other.area();
    // Written so that NaN gives 0 too.
    if (!(joint > 0 && areas > 0)) {
      return 0;
    }
    double apart = (a * dy * dy + b * dx * dx - 2 * c * dx * dy) / (4 * joint);
    // The determinant of a covariance is (width · height / 12)².
    double unlike = 0.5 * Math.log(joint / (4 * areas / 144));
    return 1 - Math.sqrt(Math.max(0, -Math.expm1(-apart - unlike)));
  }

  private double area() {
    return (double) width * height;
  }

  /** Of the uniform distribution on the box: xx, yy, xy. */
  private double[] covariance() {
    double along = (double) width * width / 12;
    double across = (double) height * height / 12;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    return new double[] {
      along * cos * cos + across * sin * sin,
      along * sin * sin + across * cos * cos,
      (along - across) * cos * sin
    };
  }

  /**
   * The corners, in order around the box.
   *
   * @return x and y in turn, eight numbers, in the same pixels
   */
  public float[] corners() {
    double cos = Math.cos(angle) / 2;
    double sin = Math.sin(angle) / 2;
    float[] corners = new float[8];
    for (int i = 0; i < 4; i++) {
      double along = i == 0 || i == 3 ? -width : width;
      double across = i < 2 ? -height : height;
      corners[2 * i] = (float) (x + along * cos - across * sin);
      corners[2 * i + 1] = (float) (y + along * sin + across * cos);
    }
    return corners;
  }

  @Override
  public Box bounds() {
    double cos = Math.abs(Math.cos(angle)) / 2;
    double sin = Math.abs(Math.sin(angle)) / 2;
    float halfWidth = (float) (width * cos + height * sin);
    float halfHeight = (float) (width * sin + height * cos);
    return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
  }

  @Override
  public List<float[]> outline() {
    return List.of(corners());
  }

  @Override
  public RotatedBox moved(float dx, float dy) {
    return new RotatedBox(x + dx, y + dy, width, height, angle);
  }

  /** The box itself where its bounds reach into the rectangle; else it has no sides. */
  @Override
  public RotatedBox clip(float width, float height) {
    return bounds().clip(width, height).area() > 0 ? this : new RotatedBox(x, y, 0, 0, angle);
  }

  @Override
  public RotatedBox toInput(Letterbox letterbox) {
    float ratio = letterbox.ratio();
    return new RotatedBox(
        x * ratio + letterbox.left(),
        y * ratio + letterbox.top(),
        width * ratio,
        height * ratio,
        angle);
  }

  /** The box in pixels of the image; without sides where it lies outside. */
  @Override
  public RotatedBox toImage(Letterbox letterbox) {
    float ratio = letterbox.ratio();
    return new RotatedBox(
            (x - letterbox.left()) / ratio,
            (y - letterbox.top()) / ratio,
            width / ratio,
            height / ratio,
            angle)
        .clip(letterbox.imageWidth(), letterbox.imageHeight());
  }
}
