// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.whybox.cuda.DeviceArray;
import dev.whybox.cuda.KernelTest;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.graph.HalfBits;
import dev.whybox.image.Box;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code score_f32} and {@code score_f16} against {@link TargetScorer}, bit for bit. */
class ScoreKernelTest extends KernelTest {
  private static final int BLOCK = 256;
  private static final float UNTOUCHED = -7;
  private static final Box CONTENT = new Box(0, 12, 64, 52);

  private final Random random = new Random(2);

  private TargetScorer scorer(GridHead head, TargetSimilarity similarity, int targets) {
    List<Box> boxes = new ArrayList<>();
    int[] classes = new int[targets];
    float[][] vectors = new float[targets][head.classes()];
    for (int t = 0; t < targets; t++) {
      float x = 40 * random.nextFloat();
      float y = 12 + 20 * random.nextFloat();
      boxes.add(new Box(x, y, x + 4 + 20 * random.nextFloat(), y + 4 + 16 * random.nextFloat()));
      classes[t] = random.nextInt(head.classes());
      for (int c = 0; c < head.classes(); c++) {
        vectors[t][c] = t == 1 ? 0 : random.nextFloat(); // All zeros: the cosine is 0.
      }
    }
    return new TargetScorer(head, similarity, boxes, classes, vectors, CONTENT);
  }

  /** Boxes around the content, some without area, some without probability. */
  private float[] output(GridHead head, int batch) {
    float[] output = new float[batch * head.size()];
    for (int image = 0; image < batch; image++) {
      for (int a = 0; a < head.candidates(); a++) {
        for (int row = 0; row < head.rows(); row++) {
          float value = random.nextFloat();
          output[index(head, image, row, a)] =
              row < 2 ? 70 * value - 3 : row < 4 ? 40 * value - 2 : a % 5 == 0 ? 0 : value;
        }
      }
    }
    return output;
  }

  private static int index(GridHead head, int image, int row, int anchor) {
    return image * head.size()
        + (head.anchorsFirst() ? anchor * head.rows() + row : row * head.candidates() + anchor);
  }

  private float[] launch(String name, TargetScorer scorer, DeviceArray output, int batch, int of) {
    TargetScorer.Parameters p = scorer.device().orElseThrow();
    int targets = scorer.targets();
    float[] start = new float[of * targets];
    Arrays.fill(start, UNTOUCHED);
    DeviceArray scores = array(start);
    run(
        name,
        new int[] {targets, of},
        new int[] {BLOCK, 1},
        output,
        wave(0, batch),
        p.rows(),
        p.anchors(),
        p.anchorsFirst() ? 1 : 0,
        p.classes(),
        array(p.boxes()),
        array(p.classIds()),
        p.vectors() == null ? null : array(p.vectors()),
        targets,
        p.content().x1(),
        p.content().y1(),
        p.content().x2(),
        p.content().y2(),
        scores);
    return scores.floats();
  }

  /** Anchors around a warp and a block; rows that belong to other tasks; batches not full. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 1, 1, 1",
    "31, 3, 0, 3, 1, 2",
    "32, 3, 32, 2, 3, 3",
    "33, 1, 5, 1, 2, 2",
    "255, 20, 0, 2, 1, 1",
    "256, 3, 0, 3, 2, 3",
    "257, 2, 1, 5, 2, 2",
    "1000, 10, 32, 1, 1, 1",
  })
  void scores(int anchors, int classes, int others, int targets, int count, int batch) {
    for (TargetSimilarity similarity : TargetSimilarity.values()) {
      for (boolean anchorsFirst : new boolean[] {false, true}) {
        GridHead head = new GridHead(classes, 4 + classes + others, anchors, anchorsFirst);
        TargetScorer scorer = scorer(head, similarity, targets);
        float[] output = output(head, batch);
        short[] halves = new short[output.length];
        float[] halved = new float[output.length];
        for (int i = 0; i < output.length; i++) {
          halves[i] = HalfBits.of(output[i]);
          halved[i] = HalfBits.value(halves[i]);
        }
        String where = similarity + (anchorsFirst ? ", anchors first" : "");
        assertArrayEquals(
            expected(scorer, output, count, batch),
            launch("score_f32", scorer, array(output), count, batch),
            where);
        assertArrayEquals(
            expected(scorer, halved, count, batch),
            launch("score_f16", scorer, array(halves), count, batch),
            where + ", half precision");
        free();
      }
    }
  }

  private static float[] expected(TargetScorer scorer, float[] output, int count, int batch) {
    float[] scores = new float[batch * scorer.targets()];
    Arrays.fill(scores, UNTOUCHED);
    for (int i = 0; i < count; i++) {
      scorer.scratch().score(FloatBuffer.wrap(output), i, scores, i * scorer.targets());
    }
    return scores;
  }

  /** Where Java throws, the kernel answers NaN: at the first anchor and the last. */
  @ParameterizedTest
  @EnumSource(TargetSimilarity.class)
  void notANumber(TargetSimilarity similarity) {
    GridHead head = new GridHead(3, 7, 300, false);
    TargetScorer scorer = scorer(head, similarity, 1);
    TargetScorer.Parameters p = scorer.device().orElseThrow();
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (int anchor : new int[] {0, 299}) {
        for (int row : new int[] {0, 3, 4 + p.classIds()[0]}) {
          float[] output = output(head, 1);
          // The target's own box with probability 1 at this anchor, so that it can win.
          output[index(head, 0, 0, anchor)] = (p.boxes()[0] + p.boxes()[2]) / 2;
          output[index(head, 0, 1, anchor)] = (p.boxes()[1] + p.boxes()[3]) / 2;
          output[index(head, 0, 2, anchor)] = p.boxes()[2] - p.boxes()[0];
          output[index(head, 0, 3, anchor)] = p.boxes()[3] - p.boxes()[1];
          for (int c = 0; c < 3; c++) {
            output[index(head, 0, 4 + c, anchor)] = 1;
          }
          output[index(head, 0, row, anchor)] = bad;
          String where = bad + " in row " + row + " of anchor " + anchor;
          assertThrows(
              NonFiniteOutput.class,
              () -> scorer.scratch().score(FloatBuffer.wrap(output), 0, new float[1], 0),
              where);
          assertEquals(Float.NaN, launch("score_f32", scorer, array(output), 1, 1)[0], 0, where);
        }
      }
    }
  }
}
