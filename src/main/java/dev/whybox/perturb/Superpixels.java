// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2Lab;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_ximgproc.SLICO;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSuperpixelSLIC;

import dev.whybox.image.Image;
import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_ximgproc.SuperpixelSLIC;

/**
 * Superpixels: Achanta, Shaji, Smith, Lucchi, Fua, Süsstrunk, "SLIC superpixels compared to
 * state-of-the-art superpixel methods" (PAMI 2012), in OpenCV's implementation. Its variant SLICO
 * sets the compactness of every segment by itself.
 */
final class Superpixels {
  private static final int MIN_SIDE = 5;
  private static final int ITERATIONS = 10;
  private static final float COMPACTNESS = 10; // only the value that SLICO starts from

  /** Pieces smaller than this percentage of the wanted area join a neighbour. */
  private static final int MIN_PERCENT = 25;

  private Superpixels() {}

  static Segments of(Image content, int count) {
    int width = content.width();
    int height = content.height();
    double area = (double) width * height / count;
    int side = (int) Math.max(MIN_SIDE, Math.round(Math.sqrt(area)));
    // OpenCV crashes if no segment of this side fits into the image. Such a thin image has no
    // shapes to follow anyway.
    boolean strip = Math.min(width, height) < side;
    int[] labels = strip ? strip(width, height, count) : slic(content, side);
    return new Segments(width, height, labels, number(labels), 0, 0);
  }

  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  private static int[] slic(Image content, int side) {
    try (PointerScope scope = new PointerScope()) {
      Mat lab = new Mat(content.height(), content.width(), CV_8UC3);
      lab.data().put(content.rgb());
      cvtColor(lab, lab, COLOR_RGB2Lab);
      SuperpixelSLIC slic = createSuperpixelSLIC(lab, SLICO, side, COMPACTNESS);
      slic.iterate(ITERATIONS);
      slic.enforceLabelConnectivity(MIN_PERCENT);
      Mat found = new Mat();
      slic.getLabels(found);
      int[] labels = new int[content.width() * content.height()];
      new IntPointer(found.data()).get(labels);
      return labels;
    }
  }

  /** Cuts a thin image across its longer side. */
  private static int[] strip(int width, int height, int count) {
    boolean flat = width > height;
    int longer = Math.max(width, height);
    int pieces = Math.max(1, Math.min(count, longer / MIN_SIDE));
    int[] labels = new int[width * height];
    for (int i = 0; i < labels.length; i++) {
      int along = flat ? i % width : i / width;
      labels[i] = (int) ((long) along * pieces / longer);
    }
    return labels;
  }

  /**
   * Renumbers the segments in the order in which the rows meet them, so the numbers do not depend
   * on the algorithm.
   *
   * @return the number of segments
   */
  private static int number(int[] labels) {
    int[] numbers = new int[Arrays.stream(labels).max().orElseThrow() + 1];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (numbers[labels[i]] == 0) {
        numbers[labels[i]] = ++count;
      }
      labels[i] = numbers[labels[i]] - 1;
    }
    return count;
  }
}
