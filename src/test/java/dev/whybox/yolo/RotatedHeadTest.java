// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.RotatedBox;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotatedHeadTest extends HeadContract {
  private static final int CLASSES = 3;
  private static final int ROWS = 4 + CLASSES + 1;
  private static final int ANCHORS = 17;

  @Override
  Head head() {
    return new RotatedHead(new GridHead(CLASSES, ROWS, ANCHORS, false));
  }

  @Override
  int[] sizes(int output) {
    return new int[] {ROWS, ANCHORS};
  }

  @Override
  List<FloatBuffer> outputs(Random random) {
    FloatBuffer output = FloatBuffer.allocate(BATCH * ROWS * ANCHORS);
    while (output.hasRemaining()) {
      output.put(random.nextFloat());
    }
    return List.of(output);
  }

  private static double value(List<FloatBuffer> outputs, int image, int row, int anchor) {
    return outputs.get(0).get((image * ROWS + row) * ANCHORS + anchor);
  }

  @Override
  double[] box(List<FloatBuffer> outputs, int image, int anchor) {
    double angle = value(outputs, image, ROWS - 1, anchor);
    double x1 = Double.POSITIVE_INFINITY;
    double y1 = Double.POSITIVE_INFINITY;
    double x2 = Double.NEGATIVE_INFINITY;
    double y2 = Double.NEGATIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      double along = (corner % 2 - 0.5) * value(outputs, image, 2, anchor);
      double across = (corner / 2 - 0.5) * value(outputs, image, 3, anchor);
      double x =
          value(outputs, image, 0, anchor) + along * Math.cos(angle) - across * Math.sin(angle);
      double y =
          value(outputs, image, 1, anchor) + along * Math.sin(angle) + across * Math.cos(angle);
      x1 = Math.min(x1, x);
      y1 = Math.min(y1, y);
      x2 = Math.max(x2, x);
      y2 = Math.max(y2, y);
    }
    return new double[] {x1, y1, x2, y2};
  }

  @Override
  double probability(List<FloatBuffer> outputs, int image, int classId, int anchor) {
    return value(outputs, image, 4 + classId, anchor);
  }

  @Test
  void theLastRowIsTheAngle() {
    List<FloatBuffer> outputs = outputs(new Random(5));
    Head.Reader reader = head().reader();
    reader.read(outputs, 1);
    RotatedBox box = (RotatedBox) reader.region(4);
    assertEquals(value(outputs, 1, 7, 4), box.angle());
    assertEquals(box, reader.compared(4));
  }

  @Test
  void oneRowFollowsTheClasses() {
    List<String> names = List.of("a", "b", "c");
    for (int rows : new int[] {7, 8, 9}) {
      Layout layout = new Layout(List.of(new int[] {rows, 84}), 64, 64, names, "obb");
      assertEquals(rows == 8, HeadKind.of(layout).isPresent());
    }
    Layout unnamed = new Layout(List.of(new int[] {8, 84}), 64, 64, List.of(), "obb");
    assertEquals(3, HeadKind.of(unnamed).orElseThrow().classes());
    assertTrue(HeadKind.of(unnamed).orElseThrow().device().isEmpty());
  }

  /** Of three boxes one lies in the best one's place, and one is moored beside it. */
  @Test
  void targetsAreScoredByTheirTurnedBoxes() {
    float[][] anchors = {
      {30, 30, 40, 6, 0.75f, 0.8f}, {33, 27, 40, 6, 0.75f, 0.9f}, {30, 30, 40, 6, 0.8f, 0.5f}
    };
    FloatBuffer output = FloatBuffer.allocate(6 * 3);
    for (int row = 0; row < 6; row++) {
      int from = row == 4 ? 5 : row == 5 ? 4 : row;
      for (float[] anchor : anchors) {
        output.put(anchor[from]);
      }
    }
    Head head = new RotatedHead(new GridHead(1, 6, 3, false));
    RotatedBox target = new RotatedBox(30, 30, 40, 6, 0.75f);
    TargetScorer scorer =
        new TargetScorer(
            head,
            TargetSimilarity.PROBABILITY,
            List.of(target),
            new int[1],
            new float[1][],
            new dev.whybox.image.Box(0, 0, 64, 64));
    float[] scores = new float[1];
    scorer.scratch().score(List.of(output), 0, scores, 0);
    assertEquals(0.8f, scores[0], 1e-4f);
    assertEquals(0, scorer.scratch().anchor(List.of(output), 0, 0));
  }
}
