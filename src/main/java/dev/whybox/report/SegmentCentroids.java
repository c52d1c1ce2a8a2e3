// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.perturb.Segments;

/**
 * The centres of mass and the areas of segments, in pixels of the image.
 *
 * @param x column of each segment's centre of mass
 * @param y row of each segment's centre of mass
 * @param area area of each segment, in square pixels
 */
record SegmentCentroids(double[] x, double[] y, double[] area) {

  /** Computes them for an image of this size. */
  static SegmentCentroids of(Segments segments, double imageWidth, double imageHeight) {
    double[] x = new double[segments.count()];
    double[] y = new double[segments.count()];
    double[] area = new double[segments.count()];
    for (int row = 0; row < segments.height(); row++) {
      for (int column = 0; column < segments.width(); column++) {
        int label = segments.label(column, row);
        x[label] += column + 0.5;
        y[label] += row + 0.5;
        area[label]++;
      }
    }
    double scaleX = imageWidth / segments.width();
    double scaleY = imageHeight / segments.height();
    for (int i = 0; i < area.length; i++) {
      double pixels = Math.max(area[i], 1);
      x[i] *= scaleX / pixels;
      y[i] *= scaleY / pixels;
      area[i] *= scaleX * scaleY;
    }
    return new SegmentCentroids(x, y, area);
  }
}
