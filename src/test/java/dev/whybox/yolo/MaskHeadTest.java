// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.image.Mask;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskHeadTest extends HeadContract {
  private static final int CLASSES = 3;
  private static final int PROTOTYPES = 5;
  private static final int ROWS = 4 + CLASSES + PROTOTYPES;
  private static final int ANCHORS = 17;
  private static final int HEIGHT = 8;
  private static final int WIDTH = 6;

  @Override
  Head head() {
    GridHead grid = new GridHead(CLASSES, ROWS, ANCHORS, false);
    return new MaskHead(grid, PROTOTYPES, HEIGHT, WIDTH, 4);
  }

  @Override
  int[] sizes(int output) {
    return new int[] {ROWS, ANCHORS};
  }

  /** Boxes of up to 16 pixels in an input of 24 × 32. */
  @Override
  List<FloatBuffer> outputs(Random random) {
    FloatBuffer first = FloatBuffer.allocate(BATCH * ROWS * ANCHORS);
    for (int i = 0; i < first.capacity(); i++) {
      int row = i / ANCHORS % ROWS;
      first.put(i, row < 4 ? 4 + 12 * random.nextFloat() : random.nextFloat());
    }
    FloatBuffer second = FloatBuffer.allocate(BATCH * PROTOTYPES * HEIGHT * WIDTH);
    while (second.hasRemaining()) {
      second.put(random.nextFloat() - 0.5f);
    }
    return List.of(first, second);
  }

  private static double value(List<FloatBuffer> outputs, int image, int row, int anchor) {
    return outputs.get(0).get((image * ROWS + row) * ANCHORS + anchor);
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

  @Test
  void aMaskIsTheSumOfItsPrototypes() {
    List<FloatBuffer> outputs = outputs(new Random(7));
    Head.Reader reader = head().reader();
    for (int image : new int[] {1, 0}) {
      reader.read(outputs, image);
      for (int a = 0; a < ANCHORS; a++) {
        Mask mask = (Mask) reader.region(a);
        for (int r = 0; r < mask.rows(); r++) {
          for (int c = 0; c < mask.columns(); c++) {
            int at = ((int) mask.top() / 4 + r) * WIDTH + (int) mask.left() / 4 + c;
            double sum = 0;
            for (int k = 0; k < PROTOTYPES; k++) {
              sum +=
                  value(outputs, image, 4 + CLASSES + k, a)
                      * outputs.get(1).get((image * PROTOTYPES + k) * HEIGHT * WIDTH + at);
            }
            assertEquals(sum, mask.logits()[r * mask.columns() + c], 1e-5);
          }
        }
        assertEquals(mask.box(), reader.compared(a));
      }
    }
  }

  @Test
  void prototypesThatAreNotFiniteAreAnError() {
    List<FloatBuffer> outputs = outputs(new Random(7));
    for (int i = 0; i < outputs.get(1).capacity(); i++) {
      outputs.get(1).put(i, Float.NaN);
    }
    Head.Reader reader = head().reader();
    reader.read(outputs, 0);
    assertThrows(NonFiniteOutput.class, () -> reader.region(0));
  }

  @Test
  void theSecondOutputTellsHowManyCoefficients() {
    List<String> names = List.of("a", "b", "c");
    int[] first = {12, 84};
    for (int[] second : new int[][] {{5, 16, 16}, {4, 16, 16}, {5, 16, 8}, {5}}) {
      Layout layout = new Layout(List.of(first, second), 64, 64, names, "segment");
      boolean fits = second[0] == 5 && second.length == 3 && second[1] == second[2];
      assertEquals(fits, HeadKind.of(layout).isPresent());
    }
    assertEquals(
        false, HeadKind.of(new Layout(List.of(first), 64, 64, names, "segment")).isPresent());
  }
}
