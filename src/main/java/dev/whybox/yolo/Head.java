// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import java.nio.FloatBuffer;

/**
 * Where things lie in the raw output of a YOLOv8 head: rows centre x, centre y, width, height in
 * input pixels, then one row of probabilities a class, then rows of other tasks (mask coefficients,
 * keypoints), each of one value an anchor.
 *
 * @param classes how many classes
 * @param rows how many rows, at least {@code 4 + classes}
 * @param anchors how many anchors
 * @param anchorsFirst whether the layout is [anchors, rows] instead of the usual [rows, anchors]
 */
record Head(int classes, int rows, int anchors, boolean anchorsFirst) {
  private static final int BOX_ROWS = 4;

  /** Values an image. */
  int size() {
    return rows * anchors;
  }

  /**
   * Copies one row of one image: a single bulk copy in the usual layout.
   *
   * @param output the engine's output
   * @param image the image's place in the batch
   * @param row which row
   * @param into at least {@code anchors} values
   */
  void row(FloatBuffer output, int image, int row, float[] into) {
    int base = image * size();
    if (anchorsFirst) {
      for (int a = 0; a < anchors; a++) {
        into[a] = output.get(base + a * rows + row);
      }
    } else {
      output.get(base + row * anchors, into, 0, anchors);
    }
  }

  /** The row of a class's probabilities. */
  int classRow(int classId) {
    return BOX_ROWS + classId;
  }

  /** One value. */
  float value(FloatBuffer output, int image, int row, int anchor) {
    int offset = anchorsFirst ? anchor * rows + row : row * anchors + anchor;
    return output.get(image * size() + offset);
  }

  /** The box of an anchor, in input pixels. */
  Box box(FloatBuffer output, int image, int anchor) {
    float x = value(output, image, 0, anchor);
    float y = value(output, image, 1, anchor);
    float halfWidth = value(output, image, 2, anchor) / 2;
    float halfHeight = value(output, image, 3, anchor) / 2;
    return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
  }
}
