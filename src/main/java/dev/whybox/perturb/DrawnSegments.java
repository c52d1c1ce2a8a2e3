// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.image.Image;
import dev.whybox.image.LabelImage;
import java.nio.file.Path;

/** Resizes an image of segments to the content's size, by nearest pixel. */
final class DrawnSegments {
  private DrawnSegments() {}

  static Segments of(Image content, Path file) {
    LabelImage drawing = LabelImage.read(file);
    int width = content.width();
    int height = content.height();
    if (!sameShape(drawing.width(), drawing.height(), width, height)) {
      throw new BadArgument(
          String.format(
              "The drawing of segments %s must have the image's sides or their ratio, which is"
                  + " about %d to %d, but it has %d × %d pixels. Draw it over the image.",
              file, width, height, drawing.width(), drawing.height()));
    }
    int[] labels = new int[width * height];
    for (int y = 0; y < height; y++) {
      int row = (int) ((2L * y + 1) * drawing.height() / (2L * height));
      for (int x = 0; x < width; x++) {
        int column = (int) ((2L * x + 1) * drawing.width() / (2L * width));
        labels[y * width + x] = drawing.label(column, row);
      }
    }
    return new Segments(width, height, labels, drawing.count(), 0, 0);
  }

  /** Whether one scale factor maps both sides to the content's sides, within one pixel each. */
  private static boolean sameShape(int width, int height, int contentWidth, int contentHeight) {
    double least = Math.max((contentWidth - 1.0) / width, (contentHeight - 1.0) / height);
    double most = Math.min((contentWidth + 1.0) / width, (contentHeight + 1.0) / height);
    return least <= most;
  }
}
