// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Box;
import dev.whybox.yolo.Objective.Element;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every head promises. A new head has a subclass that knows where its values lie. */
abstract class HeadContract {
  static final int BATCH = 3;

  /** The head. */
  abstract Head head();

  /** Random outputs of a batch, in the order of {@link Head#outputs}. */
  abstract List<FloatBuffer> outputs(Random random);

  /** In plain words: the box of a candidate of an image, in double precision, corners in order. */
  abstract double[] box(List<FloatBuffer> outputs, int image, int candidate);

  /** In plain words: the probability of a class. */
  abstract double probability(List<FloatBuffer> outputs, int image, int classId, int candidate);

  /** The sizes of an output after the batch. */
  abstract int[] sizes(int output);

  @Test
  void readsWhatIsThere() {
    Head head = head();
    List<FloatBuffer> outputs = outputs(new Random(1));
    Head.Reader reader = head.reader();
    int n = head.candidates();
    for (int image : new int[] {2, 0, 1}) {
      reader.read(outputs, image);
      float[][] bounds = new float[4][n];
      reader.bounds(bounds[0], bounds[1], bounds[2], bounds[3]);
      for (int i = 0; i < n; i++) {
        double[] wanted = box(outputs, image, i);
        Box found = reader.region(i).bounds();
        double[] corners = {found.x1(), found.y1(), found.x2(), found.y2()};
        for (int k = 0; k < 4; k++) {
          assertEquals(wanted[k], corners[k], 1e-4);
          assertEquals(wanted[k], bounds[k][i], 1e-4);
        }
      }
      for (int c = 0; c < head.classes(); c++) {
        float[] all = new float[n];
        reader.probabilities(c, all);
        for (int i = 0; i < n; i++) {
          double wanted = probability(outputs, image, c, i);
          assertEquals(wanted, reader.probability(c, i), 1e-6);
          assertEquals(wanted, all[i], 1e-6);
        }
      }
    }
  }

  /** The objective is the class's own number: of no other class and no other candidate. */
  @Test
  void gradientsStartFromTheClassAtTheCandidate() {
    Head head = head();
    List<FloatBuffer> outputs = outputs(new Random(2));
    for (int i : new int[] {0, 1, head.candidates() - 1}) {
      for (int c = 0; c < head.classes(); c++) {
        double sum = 0;
        for (Element element : head.objective(c, i).elements()) {
          int[] sizes = sizes(element.output());
          long[] at = element.place();
          assertEquals(0, at[0], "the first image");
          int offset = (int) (at[1] * sizes[1] + at[2]);
          sum +=
              element.weight() * outputs.get(head.outputs().indexOf(element.output())).get(offset);
        }
        assertEquals(probability(outputs, 0, c, i), sum, 1e-6);
      }
    }
  }

  @Test
  void aValueThatIsNotFiniteIsSeen() {
    Head head = head();
    List<FloatBuffer> outputs = outputs(new Random(3));
    for (FloatBuffer output : outputs) {
      for (int k = 0; k < output.capacity(); k++) {
        output.put(k, Float.POSITIVE_INFINITY);
      }
    }
    Head.Reader reader = head.reader();
    reader.read(outputs, 0);
    float[][] bounds = new float[4][head.candidates()];
    reader.bounds(bounds[0], bounds[1], bounds[2], bounds[3]);
    assertTrue(Float.isNaN(bounds[0][0]));
  }

  @Test
  void probabilitiesRiseWithTheLogit() {
    assertEquals(0.5, head().probability(0), 1e-12);
    assertTrue(head().probability(3) > head().probability(2));
    assertTrue(head().probability(-800) >= 0 && head().probability(800) <= 1);
  }
}
