// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Box;
import dev.whybox.image.WholeImage;
import dev.whybox.yolo.HeadKind.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassHeadTest {
  private static Layout layout(String task, int names, int... output) {
    return new Layout(
        List.of(output), 32, 48, IntStream.range(0, names).mapToObj(c -> "c" + c).toList(), task);
  }

  @Test
  void oneProbabilityPerClass() {
    Head head = HeadKind.of(layout("classify", 3, 3)).orElseThrow();
    assertEquals(new ClassHead(3, 48, 32), head);
    Head.Reader reader = head.reader();
    reader.read(List.of(FloatBuffer.wrap(new float[] {1, 0, 0, 0.2f, 0.5f, 0.3f})), 1);
    assertEquals(0.5f, reader.probability(1, 0));
    assertEquals(new WholeImage(new Box(0, 0, 48, 32)), reader.region(0));
    assertEquals(List.of(0L, 2L), head.objective(2, 0).elements().get(0).index());
    assertTrue(HeadKind.of(layout("classify", 0, 7)).isPresent());
    assertTrue(HeadKind.of(layout("classify", 3, 4)).isEmpty(), "4 numbers for 3 names");
    assertTrue(HeadKind.of(layout("classify", 3, 7, 84)).isEmpty(), "a detector's output");
  }

  /** Whatever part of the image is seen, the score is the class's own probability. */
  @Test
  void theScoreIsTheProbability() {
    Head head = new ClassHead(3, 32, 32);
    FloatBuffer output = FloatBuffer.wrap(new float[] {0.2f, 0.5f, 0.3f, 0, 1, 0});
    Box content = new Box(-16, 0, 48, 32);
    WholeImage region = new WholeImage(content);
    TargetScorer scorer =
        new TargetScorer(
            head,
            TargetSimilarity.PROBABILITY,
            List.of(region, region),
            new int[] {1, 2},
            new float[2][],
            content);
    float[] scores = new float[4];
    scorer.scratch().score(List.of(output), 0, scores, 0);
    scorer.scratch().score(List.of(output), 1, scores, 2);
    assertArrayEquals(new float[] {0.5f, 0.3f, 1, 0}, scores);
    assertEquals(0, scorer.scratch().anchor(List.of(output), 1, 1), "even where it is 0");
  }
}
