// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Attribution;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Explanation;

/**
 * The position where a map is highest: it speaks most for the target.
 *
 * @param x column, in pixels of the image
 * @param y row, in pixels of the image
 * @param value the map's value there, in the unit of the score
 */
public record Peak(double x, double y, double value) {

  /**
   * Finds the peak of the map in pixels of the image; of several equal segments the first, of
   * several equal pixels the one nearest to the content's highest.
   *
   * @param explanation the explanation
   * @return the middle of the highest pixel, or the centre of mass of the highest segment
   */
  public static Peak of(Explanation explanation) {
    Attribution attribution = explanation.attribution();
    double width = explanation.image().width();
    double height = explanation.image().height();
    if (attribution instanceof SegmentValues found) {
      int best = 0;
      for (int i = 1; i < found.values().length; i++) {
        if (found.density(i) > found.density(best)) {
          best = i;
        }
      }
      SegmentCentroids places = SegmentCentroids.of(found.segments(), width, height);
      return new Peak(places.x()[best], places.y()[best], found.density(best));
    }
    PixelValues found = (PixelValues) attribution;
    int highest = 0;
    for (int i = 1; i < found.values().length; i++) {
      highest = found.values()[i] > found.values()[highest] ? i : highest;
    }
    double middleX = (highest % found.width() + 0.5) * width / found.width();
    double middleY = (highest / found.width() + 0.5) * height / found.height();
    float[] row = new float[explanation.image().width()];
    Peak best = new Peak(0.5, 0.5, Double.NEGATIVE_INFINITY);
    double nearest = Double.POSITIVE_INFINITY;
    for (int y = 0; y < height; y++) {
      found.row(y, explanation.image().height(), row);
      for (int x = 0; x < row.length; x++) {
        if (row[x] >= best.value()) {
          double away = Math.hypot(x + 0.5 - middleX, y + 0.5 - middleY);
          if (row[x] > best.value() || away < nearest) {
            best = new Peak(x + 0.5, y + 0.5, row[x]);
            nearest = away;
          }
        }
      }
    }
    return best;
  }
}
