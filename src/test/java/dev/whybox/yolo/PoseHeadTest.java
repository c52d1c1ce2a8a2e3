// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Keypoints;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseHeadTest extends HeadContract {
  private static final int CLASSES = 2;
  private static final int POINTS = 4;
  private static final int ROWS = 4 + CLASSES + 3 * POINTS;
  private static final int ANCHORS = 17;

  @Override
  Head head() {
    return new PoseHead(new GridHead(CLASSES, ROWS, ANCHORS, false), POINTS, 3);
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
  void keypointsFollowTheClasses() {
    List<FloatBuffer> outputs = outputs(new Random(5));
    Head.Reader reader = head().reader();
    reader.read(outputs, 1);
    Keypoints body = (Keypoints) reader.region(6);
    for (int k = 0; k < POINTS; k++) {
      int row = 4 + CLASSES + 3 * k;
      assertEquals(value(outputs, 1, row, 6), body.points().get(k).x());
      assertEquals(value(outputs, 1, row + 1, 6), body.points().get(k).y());
      assertEquals(value(outputs, 1, row + 2, 6), body.points().get(k).confidence());
      assertEquals(value(outputs, 1, row + 2, 6), reader.probability(CLASSES + k, 6));
      assertEquals(
          List.of(0L, row + 2L, 6L), head().objective(CLASSES + k, 6).elements().get(0).index());
    }
  }

  @Test
  void aKeypointIsScoredByItsConfidence() {
    Head head = head();
    List<FloatBuffer> outputs = outputs(new Random(5));
    for (int row = 0; row < 4; row++) {
      outputs.get(0).put(row * ANCHORS + 3, row < 2 ? 30 : 20);
    }
    Head.Reader reader = head.reader();
    reader.read(outputs, 0);
    Keypoints body = (Keypoints) reader.region(3);
    Detection found = new Detection(body, 1, "b", 0.5f, 3);
    Target whole = Target.of(found);
    Target one = Target.of(found.keypoint(2));
    assertEquals(1, head.scored(whole));
    assertEquals(CLASSES + 2, head.scored(one));
    assertEquals(1, new PoseHead(new GridHead(2, 14, 9, false), 4, 2).scored(one));
    TargetScorer scorer =
        new TargetScorer(
            head,
            TargetSimilarity.PROBABILITY,
            List.of(whole.region(), one.region()),
            new int[] {head.scored(whole), head.scored(one)},
            new float[2][],
            new Box(0, 0, 64, 64));
    float[] scores = new float[2];
    scorer.scratch().score(outputs, 0, scores, 0);
    assertEquals(value(outputs, 0, 4 + 1, 3), scores[0], 1e-6);
    assertEquals(value(outputs, 0, 4 + CLASSES + 3 * 2 + 2, 3), scores[1], 1e-6);
    assertThrows(BadTarget.class, () -> found.keypoint(4));
    Detection box = new Detection(new Box(1, 2, 3, 4), 0, "", 0.5f, 0);
    assertThrows(BadTarget.class, () -> box.keypoint(0));
  }

  @Test
  void theMetadataTellsHowManyKeypoints() {
    List<int[]> outputs = List.of(new int[] {18, 84});
    List<String> names = List.of("a", "b");
    for (String shape : new String[] {"[4, 3]", "[6, 2]", "[4, 2]", "(4, 3)", ""}) {
      Layout layout = new Layout(outputs, 64, 64, names, "pose", Map.of("kpt_shape", shape));
      boolean fits = shape.equals("[4, 3]") || shape.equals("[6, 2]");
      assertEquals(fits, HeadKind.of(layout).isPresent(), shape);
    }
  }
}
