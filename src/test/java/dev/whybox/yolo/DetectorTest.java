// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.image.Box;
import dev.whybox.image.Letterbox;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectorTest {
  private static final int ANCHORS = 64 + 16 + 4;

  /**
   * Anchors of a two-class model, each {x, y, w, h, p0, p1}; the rest is far below any threshold.
   */
  private static FloatBuffer output(float[]... anchors) {
    float[] values = new float[6 * ANCHORS];
    for (int a = 0; a < anchors.length; a++) {
      for (int row = 0; row < 6; row++) {
        values[row * ANCHORS + a] = anchors[a][row];
      }
    }
    return FloatBuffer.wrap(values);
  }

  private static List<Detection> detect(float[]... anchors) {
    YoloModel model = new YoloModel(new FakeEngine(64, 2, (image, out) -> {}), "fake", "", 0);
    return new Detector(model)
        .detect(List.of(output(anchors)), Letterbox.of(64, 64, 64, 64), 0.25f, 0.7f);
  }

  @Test
  void suppressesWithinAClassOnly() {
    List<Detection> found =
        detect(
            new float[] {20, 20, 20, 20, 0.6f, 0},
            new float[] {21, 20, 20, 20, 0.8f, 0}, // IoU 19/21 = 0.905 with the first: wins
            new float[] {20, 20, 20, 20, 0, 0.7f}, // the same place, another class: stays
            new float[] {24, 20, 20, 20, 0.5f, 0}, // IoU 17/23 = 0.739 with the winner: goes
            new float[] {25, 20, 20, 20, 0.4f, 0}); // IoU 16/24 = 0.667 with the winner: stays
    assertEquals(List.of(1, 2, 4), found.stream().map(Detection::anchor).toList());
    assertEquals(List.of(0, 1, 0), found.stream().map(Detection::classId).toList());
    assertEquals(new Box(11, 10, 31, 30), found.get(0).box());
    assertEquals(0.8f, found.get(0).score());
  }

  @Test
  void aScoreMustBeAboveTheThresholdAndTheBestClassCounts() {
    List<Detection> found =
        detect(
            new float[] {20, 20, 20, 20, 0.25f, 0.1f},
            new float[] {40, 40, 10, 10, 0.3f, 0.31f},
            new float[] {60, 60, 20, 20, 0.26f, 0});
    assertEquals(List.of(1, 2), found.stream().map(Detection::anchor).toList());
    assertEquals(1, found.get(0).classId());
    // Cut to the image.
    assertEquals(new Box(50, 50, 64, 64), found.get(1).box());
  }

  @Test
  void equalScoresKeepTheLowerAnchor() {
    List<Detection> found =
        detect(new float[] {20, 20, 20, 20, 0.5f, 0}, new float[] {20, 20, 20, 20, 0.5f, 0});
    assertEquals(1, found.size());
    assertEquals(0, found.get(0).anchor());
  }

  @Test
  void nanIsAnError() {
    assertThrows(NonFiniteOutput.class, () -> detect(new float[] {1, 1, 1, 1, Float.NaN, 0}));
    assertThrows(NonFiniteOutput.class, () -> detect(new float[] {1, 1, 1, 1, 0, Float.NaN}));
    assertThrows(NonFiniteOutput.class, () -> detect(new float[] {Float.NaN, 1, 1, 1, 0.9f, 0}));
  }

  @Test
  void scorerEqualsTheDefinition() {
    YoloModel model = new YoloModel(new FakeEngine(64, 2, (image, out) -> {}), "fake", "", 0);
    java.util.Random random = new java.util.Random(3);
    float[][] anchors = new float[ANCHORS][6];
    for (float[] anchor : anchors) {
      for (int row = 0; row < 6; row++) {
        anchor[row] = row < 4 ? 10 + 30 * random.nextFloat() : random.nextFloat();
      }
    }
    Box content = new Box(0, 8, 64, 56);
    List<Box> boxes = List.of(new Box(5, 10, 30, 40), new Box(20, 20, 64, 56), new Box(0, 8, 9, 9));
    List<Target> targets =
        List.of(
            Target.of(new Detection(boxes.get(0), 0, "", 0.5f, 7)),
            Target.of(boxes.get(1), 1),
            Target.of(boxes.get(2), 1));
    for (TargetSimilarity similarity : TargetSimilarity.values()) {
      FloatBuffer output = output(anchors);
      float[] scores = {-1, -1, -1, -1, -1};
      TargetScorer.of(model, targets, boxes, content, similarity, List.of(output))
          .scratch()
          .score(output, 0, scores, 1);
      assertEquals(-1, scores[0]);
      assertEquals(-1, scores[4]);
      for (int t = 0; t < 3; t++) {
        float best = 0;
        for (float[] a : anchors) {
          Box box =
              new Box(
                  Math.max(0, a[0] - a[2] / 2),
                  Math.max(8, a[1] - a[3] / 2),
                  Math.min(64, a[0] + a[2] / 2),
                  Math.min(56, a[1] + a[3] / 2));
          float[] wanted = t == 0 ? new float[] {anchors[7][4], anchors[7][5]} : new float[] {0, 1};
          double cosine =
              (a[4] * wanted[0] + a[5] * wanted[1])
                  / Math.hypot(a[4], a[5])
                  / Math.hypot(wanted[0], wanted[1]);
          double value =
              similarity == TargetSimilarity.COSINE ? cosine : a[4 + targets.get(t).classId()];
          best = Math.max(best, (float) (box.iou(boxes.get(t)) * value));
        }
        assertEquals(best, scores[1 + t], 1e-6f);
      }
    }
  }

  @Test
  void infinityIsAnErrorTooWhereItWouldBeCutToTheImage() {
    YoloModel model = new YoloModel(new FakeEngine(64, 2, (image, out) -> {}), "fake", "", 0);
    Box box = new Box(0, 0, 64, 64);
    FloatBuffer output = output(new float[] {32, 32, Float.POSITIVE_INFINITY, 9, 0.9f, 0});
    TargetScorer scorer =
        TargetScorer.of(
            model,
            List.of(Target.of(box, 0)),
            List.of(box),
            box,
            TargetSimilarity.PROBABILITY,
            null);
    assertThrows(NonFiniteOutput.class, () -> scorer.scratch().score(output, 0, new float[1], 0));
  }

  @Test
  void bothOrdersOfTheAxesAreRead() {
    FakeEngine turned = new FakeEngine(64, ANCHORS, 6, (image, out) -> {});
    YoloModel model = new YoloModel(turned, "fake", "", 0);
    float[] values = new float[6 * ANCHORS];
    System.arraycopy(new float[] {20, 30, 20, 10, 0, 0.8f}, 0, values, 6 * 5, 6);
    List<Detection> found =
        new Detector(model)
            .detect(List.of(FloatBuffer.wrap(values)), Letterbox.of(64, 64, 64, 64), 0.25f, 0.7f);
    assertEquals(5, found.get(0).anchor());
    assertEquals(1, found.get(0).classId());
    assertEquals(new Box(10, 25, 30, 35), found.get(0).box());
  }

  /** YOLOv5's objectness, suppression inside, queries: rows and columns at 640 pixels. */
  @ParameterizedTest
  @CsvSource({"25200,85", "300,6", "300,84", "300,38", "84,8399", "4,8400", "1000,1"})
  void otherLayoutsAreNamed(int rows, int columns) {
    UnknownLayout error =
        assertThrows(
            UnknownLayout.class,
            () -> new YoloModel(new FakeEngine(640, rows, columns, (i, o) -> {}), "fake", "", 0));
    assertTrue(error.getMessage().contains("[N," + rows + "," + columns + "]"), error.getMessage());
    assertTrue(error.getMessage().contains("8400 anchors"), error.getMessage());
  }
}
