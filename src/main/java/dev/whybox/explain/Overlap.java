// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.image.Box;

/**
 * How well an anchor's box agrees with a wanted one, and how that changes with the anchor's box.
 *
 * @param iou intersection over union, in [0,1]
 * @param gradient of the IoU by centre x, centre y, width, height of the anchor's box; 0 where the
 *     boxes do not overlap
 */
record Overlap(double iou, double[] gradient) {

  static Overlap of(Box box, Box wanted) {
    double width = Math.min(box.x2(), wanted.x2()) - (double) Math.max(box.x1(), wanted.x1());
    double height = Math.min(box.y2(), wanted.y2()) - (double) Math.max(box.y1(), wanted.y1());
    if (!(width > 0 && height > 0)) {
      return new Overlap(0, new double[4]);
    }
    double common = width * height;
    double boxWidth = box.x2() - (double) box.x1();
    double boxHeight = box.y2() - (double) box.y1();
    double union = boxWidth * boxHeight + wanted.area() - common;
    // By each edge of the box, outwards: what the intersection gains, what the box's area gains.
    double left = slope(box.x1() > wanted.x1() ? height : 0, boxHeight, common, union);
    double right = slope(box.x2() < wanted.x2() ? height : 0, boxHeight, common, union);
    double up = slope(box.y1() > wanted.y1() ? width : 0, boxWidth, common, union);
    double down = slope(box.y2() < wanted.y2() ? width : 0, boxWidth, common, union);
    double[] gradient = {right - left, down - up, (left + right) / 2, (up + down) / 2};
    return new Overlap(common / union, gradient);
  }

  /** The derivative of common / union, where union = area + constant − common. */
  private static double slope(double gain, double area, double common, double union) {
    return (gain * union - common * (area - gain)) / (union * union);
  }
}
