// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GridHeadTest {
  private static final int CLASSES = 3;

  /** Two rows besides, as a segmenter has. */
  private static final int ROWS = 9;

  private static final int ANCHORS = 17;

  /** The layout is [rows, anchors]. */
  @Nested
  class AnchorsLast extends Layouts {
    @Override
    GridHead head() {
      return new GridHead(CLASSES, ROWS, ANCHORS, false);
    }
  }

  /** The layout is [anchors, rows]. */
  @Nested
  class AnchorsFirst extends Layouts {
    @Override
    GridHead head() {
      return new GridHead(CLASSES, ROWS, ANCHORS, true);
    }
  }

  abstract static class Layouts extends HeadContract {
    @Override
    abstract GridHead head();

    @Override
    int[] sizes(int output) {
      return head().anchorsFirst() ? new int[] {ANCHORS, ROWS} : new int[] {ROWS, ANCHORS};
    }

    @Override
    List<FloatBuffer> outputs(Random random) {
      FloatBuffer output = FloatBuffer.allocate(BATCH * ROWS * ANCHORS);
      while (output.hasRemaining()) {
        output.put(random.nextFloat());
      }
      return List.of(output);
    }

    private double value(List<FloatBuffer> outputs, int image, int row, int anchor) {
      int offset = head().anchorsFirst() ? anchor * ROWS + row : row * ANCHORS + anchor;
      return outputs.get(0).get(image * ROWS * ANCHORS + offset);
    }

    @Override
    double[] box(List<FloatBuffer> outputs, int image, int anchor) {
      double x = value(outputs, image, 0, anchor);
      double y = value(outputs, image, 1, anchor);
      double w = value(outputs, image, 2, anchor);
      double h = value(outputs, image, 3, anchor);
      return new double[] {x - w / 2, y - h / 2, x + w / 2, y + h / 2};
    }

    @Override
    double probability(List<FloatBuffer> outputs, int image, int classId, int anchor) {
      return value(outputs, image, 4 + classId, anchor);
    }
  }

  /** At 64 pixels there are 84 anchors; with 100 classes there are more rows than anchors. */
  @Test
  void moreClassesThanAnchorsDoNotTurnTheAxes() {
    List<String> names = java.util.stream.IntStream.range(0, 100).mapToObj(c -> "c" + c).toList();
    Head usual =
        HeadKind.of(new Layout(List.of(new int[] {104, 84}), 64, 64, names, "detect"))
            .orElseThrow();
    assertEquals(new GridHead(100, 104, 84, false), usual);
    Head turned =
        HeadKind.of(new Layout(List.of(new int[] {84, 104}), 64, 64, names, "detect"))
            .orElseThrow();
    assertEquals(new GridHead(100, 104, 84, true), turned);
    assertTrue(
        HeadKind.of(new Layout(List.of(new int[] {300, 6}), 64, 64, names, "detect")).isEmpty(),
        "an end-to-end head is none");
  }
}
