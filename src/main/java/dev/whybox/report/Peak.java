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
   * Finds the peak; if there are several equal ones, the first.
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
    int best = 0;
    for (int i = 1; i < found.values().length; i++) {
      if (found.values()[i] > found.values()[best]) {
        best = i;
      }
    }
    double x = (best % found.width() + 0.5) * width / found.width();
    double y = (best / found.width() + 0.5) * height / found.height();
    return new Peak(x, y, found.values()[best]);
  }
}
