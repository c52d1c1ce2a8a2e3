// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2Lab;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_ximgproc.SLICO;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSuperpixelSLIC;

import dev.whybox.image.Image;
import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_ximgproc.SuperpixelSLIC;

/**
 * Superpixels: Achanta, Shaji, Smith, Lucchi, Fua, Süsstrunk, "SLIC superpixels compared to
 * state-of-the-art superpixel methods" (PAMI 2012), in OpenCV's implementation. Its variant SLICO
 * sets the compactness of every segment by itself.
 */
final class Superpixels {
  private static final int MIN_SIDE = 5;

  /** Segments are cut from a copy on which their sides are at most so many pixels. */
  private static final int REDUCED_SIDE = 20;

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

  /**
   * Cuts a reduced copy where segments are large, since the time grows with the pixels: their
   * borders are then exact to a few pixels.
   */
  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  private static int[] slic(Image content, int side) {
    int width = content.width();
    int height = content.height();
    double scale = Math.min(1, (double) REDUCED_SIDE / side);
    int columns = (int) Math.max(1, Math.round(width * scale));
    int rows = (int) Math.max(1, Math.round(height * scale));
    int[] found;
    try (PointerScope scope = new PointerScope()) {
      Mat lab = new Mat(height, width, CV_8UC3);
      lab.data().put(content.rgb());
      if (scale < 1) {
        resize(lab, lab, new Size(columns, rows), 0, 0, INTER_AREA);
      }
      cvtColor(lab, lab, COLOR_RGB2Lab);
      int smaller = (int) Math.max(MIN_SIDE, Math.round(side * scale));
      SuperpixelSLIC slic = createSuperpixelSLIC(lab, SLICO, smaller, COMPACTNESS);
      slic.iterate(ITERATIONS);
      slic.enforceLabelConnectivity(MIN_PERCENT);
      Mat labels = new Mat();
      slic.getLabels(labels);
      found = new int[columns * rows];
      new IntPointer(labels.data()).get(found);
    }
    return scale < 1 ? enlarged(found, columns, rows, width, height) : found;
  }

  private static int[] enlarged(int[] labels, int columns, int rows, int width, int height) {
    int[] result = new int[width * height];
    for (int y = 0; y < height; y++) {
      int row = (int) ((long) y * rows / height) * columns;
      for (int x = 0; x < width; x++) {
        result[y * width + x] = labels[row + (int) ((long) x * columns / width)];
      }
    }
    return result;
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
