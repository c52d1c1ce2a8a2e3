// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.engine.FakeEngine;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A model of two classes that sees one box, the whole picture; the probabilities are functions of
 * the brightness of the picture's 4 × 4 cells.
 */
final class CellModel {
  static final int SIZE = 32;

  static final List<Target> TARGETS =
      List.of(Target.of(new Box(0, 0, SIZE, SIZE), 0), Target.of(new Box(0, 0, SIZE, SIZE), 1));

  private static final int ANCHORS = 16 + 4 + 1;

  private CellModel() {}

  static FakeEngine of(ToDoubleFunction<double[]> first, ToDoubleFunction<double[]> second) {
    return new FakeEngine(
        SIZE,
        2,
        (image, output) -> {
          double[] cells = new double[16];
          for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
              cells[y / 8 * 4 + x / 8] += image[y * SIZE + x] / 64;
            }
          }
          output[0] = SIZE / 2f;
          output[ANCHORS] = SIZE / 2f;
          output[2 * ANCHORS] = SIZE;
          output[3 * ANCHORS] = SIZE;
          output[4 * ANCHORS] = (float) first.applyAsDouble(cells);
          output[5 * ANCHORS] = (float) second.applyAsDouble(cells);
        });
  }

  /** A picture in which every cell has the brightness 1. */
  static Image white() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) 255);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }
}
