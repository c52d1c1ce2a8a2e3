// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.image.Box;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link DetectorTest} has the scores of boxes by their definition. */
class TargetScorerTest {
  private static final Box CONTENT = new Box(0, 8, 64, 56);

  /** A head that says nothing of its regions but that they have bounds. */
  private record Opaque(GridHead head) implements Head {
    @Override
    public boolean boxes() {
      return false;
    }

    @Override
    public List<Integer> outputs() {
      return head.outputs();
    }

    @Override
    public int candidates() {
      return head.candidates();
    }

    @Override
    public int classes() {
      return head.classes();
    }

    @Override
    public Reader reader() {
      return head.reader();
    }

    @Override
    public Objective objective(int classId, int candidate) {
      return head.objective(classId, candidate);
    }

    @Override
    public Objective coordinate(int which, int candidate) {
      return head.coordinate(which, candidate);
    }

    @Override
    public double probability(double logit) {
      return head.probability(logit);
    }

    @Override
    public Optional<DeviceLayout> device() {
      return head.device();
    }
  }

  private static TargetScorer scorer(Head head, TargetSimilarity similarity, List<Box> boxes) {
    int[] classes = new int[boxes.size()];
    float[][] vectors = new float[boxes.size()][head.classes()];
    for (int t = 0; t < classes.length; t++) {
      classes[t] = t % head.classes();
      vectors[t][classes[t]] = 1;
    }
    return new TargetScorer(head, similarity, boxes, classes, vectors, CONTENT);
  }

  /** One anchor: IoU 10·10 / (200 + 100 − 100), and half of the target's class. */
  @Test
  void oneAnchorByHand() {
    GridHead head = new GridHead(2, 6, 1, false);
    List<FloatBuffer> outputs = List.of(FloatBuffer.wrap(new float[] {20, 20, 20, 10, 0.3f, 0.4f}));
    Box target = new Box(10, 15, 20, 25);
    float[] scores = new float[1];
    scorer(head, TargetSimilarity.PROBABILITY, List.of(target))
        .scratch()
        .score(outputs, 0, scores, 0);
    assertEquals(0.5f * 0.3f, scores[0], 1e-7f);
    scorer(head, TargetSimilarity.COSINE, List.of(target)).scratch().score(outputs, 0, scores, 0);
    assertEquals(0.5f * 0.3f / 0.5f, scores[0], 1e-7f);
  }

  /** The anchor's box reaches 4 pixels into the padding, which is not counted. */
  @Test
  void regionsAreCutToTheContent() {
    GridHead head = new GridHead(1, 5, 1, false);
    List<FloatBuffer> outputs = List.of(FloatBuffer.wrap(new float[] {20, 10, 8, 12, 0.9f}));
    Box target = new Box(16, 8, 24, 16);
    for (Head each : List.of(head, new Opaque(head))) {
      float[] scores = new float[1];
      scorer(each, TargetSimilarity.PROBABILITY, List.of(target))
          .scratch()
          .score(outputs, 0, scores, 0);
      assertEquals(0.9f, scores[0], 1e-6f);
    }
  }

  /** The way without objects and the way by {@code Region.similarity}, on random heads. */
  @ParameterizedTest
  @EnumSource(TargetSimilarity.class)
  void bothWaysAgree(TargetSimilarity similarity) {
    Random random = new Random(6);
    int candidates = 200;
    for (boolean first : new boolean[] {false, true}) {
      GridHead head = new GridHead(3, 9, candidates, first);
      FloatBuffer output = FloatBuffer.allocate(2 * head.size());
      for (int i = 0; i < output.capacity(); i++) {
        int k = i % head.size();
        int row = first ? k % 9 : k / candidates;
        output.put(
            i,
            row < 2
                ? 64 * random.nextFloat()
                : row < 4 ? 30 * random.nextFloat() : random.nextFloat());
      }
      List<Box> boxes = new ArrayList<>();
      for (int t = 0; t < 5; t++) {
        float x = 40 * random.nextFloat();
        float y = 8 + 30 * random.nextFloat();
        boxes.add(new Box(x, y, x + 20 * random.nextFloat(), y + 15 * random.nextFloat()));
      }
      TargetScorer plain = scorer(head, similarity, boxes);
      TargetScorer opaque = scorer(new Opaque(head), similarity, boxes);
      for (int image = 0; image < 2; image++) {
        float[] wanted = new float[5];
        float[] found = new float[5];
        plain.scratch().score(List.of(output), image, wanted, 0);
        opaque.scratch().score(List.of(output), image, found, 0);
        assertArrayEquals(wanted, found, 2e-6f);
        assertTrue(wanted[0] > 0 && wanted[1] > 0, "boxes overlap");
        for (int t = 0; t < 5; t++) {
          assertEquals(
              plain.scratch().anchor(List.of(output), image, t),
              opaque.scratch().anchor(List.of(output), image, t));
        }
      }
      assertTrue(plain.device().isPresent());
      assertTrue(opaque.device().isEmpty(), "the kernel knows boxes alone");
    }
  }

  @Test
  void infinityIsAnErrorForAllRegions() {
    GridHead head = new GridHead(1, 5, 1, false);
    Box target = new Box(16, 8, 24, 16);
    float[] values = {20, 10, Float.POSITIVE_INFINITY, 12, 0.9f};
    for (Head each : List.of(head, new Opaque(head))) {
      TargetScorer scorer = scorer(each, TargetSimilarity.PROBABILITY, List.of(target));
      assertThrows(
          NonFiniteOutput.class,
          () -> scorer.scratch().score(List.of(FloatBuffer.wrap(values)), 0, new float[1], 0));
    }
  }
}
