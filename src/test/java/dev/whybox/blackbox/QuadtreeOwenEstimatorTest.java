// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.report.Peak;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From coarse to fine on a detector whose nested Owen values are known by hand. */
class QuadtreeOwenEstimatorTest {
  private static final int SIZE = 32;
  private static final int SIDE = 16;
  private static final int ANCHORS = 16 + 4 + 1;
  private static final double GRAY = 114 / 255.0;
  private static final List<Target> TARGETS =
      List.of(Target.of(new Box(0, 0, SIZE, SIZE), 0), Target.of(new Box(0, 0, SIZE, SIZE), 1));

  /** Class 0: a weighted sum of a 2 × 2 block of cells; class 1: the product of two such blocks. */
  private static FakeEngine engine() {
    return new FakeEngine(
        SIZE,
        2,
        (image, output) -> {
          double[] cells = new double[SIDE * SIDE];
          for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
              cells[y / 2 * SIDE + x / 2] += image[y * SIZE + x] / 4;
            }
          }
          output[0] = SIZE / 2f;
          output[ANCHORS] = SIZE / 2f;
          output[2 * ANCHORS] = SIZE;
          output[3 * ANCHORS] = SIZE;
          output[4 * ANCHORS] = (float) block(cells, 5, 6);
          output[5 * ANCHORS] = (float) (block(cells, 5, 6) * block(cells, 10, 9));
        });
  }

  /** Weights 0.1 to 0.4. */
  private static double block(double[] cells, int row, int column) {
    int at = row * SIDE + column;
    return 0.1 * cells[at]
        + 0.2 * cells[at + 1]
        + 0.3 * cells[at + SIDE]
        + 0.4 * cells[at + SIDE + 1];
  }

  private static double[] expected(int target) {
    double[] values = new double[SIDE * SIDE];
    double[] weights = {0.1, 0.2, 0.3, 0.4};
    for (int i = 0; i < 4; i++) {
      int at = i / 2 * SIDE + i % 2;
      // The other block is in other groups, which are there as often as not.
      double share = weights[i] * (1 - GRAY) * (target == 0 ? 1 : (1 + GRAY) / 2);
      values[5 * SIDE + 6 + at] = share;
      if (target == 1) {
        values[10 * SIDE + 9 + at] = share;
      }
    }
    return values;
  }

  private static Shap shap() {
    return new Shap(
        Segmentation.grid(SIDE, SIDE),
        Baseline.GRAY,
        TargetSimilarity.PROBABILITY,
        ShapleyEstimatorKind.REFINE);
  }

  private static Image white() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) 255);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }

  private static List<Explanation> explain(Shap shap, Budget budget, int threads, int batch) {
    return new Explainer(new YoloModel(engine(), "fake", "", 0), threads, batch)
        .explain(white(), TARGETS, shap, budget, ProgressListener.NONE, () -> false);
  }

  private static SegmentValues found(Explanation explanation) {
    return (SegmentValues) explanation.attribution();
  }

  @Test
  void cellsThatMatterAreFoundAndTheRestStaysTogether() {
    List<Explanation> found = explain(shap(), Budget.DEFAULT.withSamples(256), 2, 0);
    for (int t = 0; t < 2; t++) {
      SegmentValues values = found(found.get(t));
      double[] expected = expected(t);
      float[] map = found.get(t).map();
      double error = 0;
      double norm = 0;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double off = map[2 * y * SIZE + 2 * x] - expected[y * SIDE + x];
          error += off * off;
          norm += Math.pow(expected[y * SIDE + x], 2);
        }
      }
      assertTrue(error < 1e-3 * norm, t + ": " + error / norm);
      double sum = Arrays.stream(values.values()).sum();
      assertEquals(found.get(t).fullScore() - found.get(t).baselineScore(), sum, 1e-5);
      assertTrue(Arrays.stream(values.standardErrors()).allMatch(e -> e >= 0 && e < 0.05));
      for (int k = 0; k < values.values().length; k++) {
        int cells = values.segments().cells(k);
        double own = values.standardErrors()[k] / cells;
        // Of a block that was not cut, what its cells may differ by comes on top.
        assertTrue(cells == 1 ? values.cellErrors()[k] == own : values.cellErrors()[k] > own);
      }
      assertTrue(
          values.segments().count() < SIDE * SIDE / 2, values.segments().count() + " segments");
      assertEquals(0, values.segments().rows());
      assertEquals("refine", found.get(t).estimation().orElseThrow().estimator());
    }
    Peak peak = Peak.of(found.get(0));
    assertEquals(0.4 * (1 - GRAY), peak.value(), 0.01);
    assertEquals(15, peak.x(), 1e-9);
    assertEquals(13, peak.y(), 1e-9);
  }

  /** The map spreads a block's value over its cells, so it sums to the same. */
  @Test
  void theMapSumsToTheScoresFall() {
    Explanation found = explain(shap(), Budget.DEFAULT.withSamples(60), 1, 3).get(1);
    double sum = 0;
    for (float value : found.map()) {
      sum += value / 4;
    }
    assertEquals(found.fullScore() - found.baselineScore(), sum, 1e-4);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 11})
  void theSameForAnyBatchAndThreads(long seed) {
    Budget budget = Budget.DEFAULT.withSamples(130).withSeed(seed);
    Explanation expected = explain(shap(), budget, 1, 1).get(1);
    for (int batch : new int[] {0, 3, 8, 40}) {
      Explanation found = explain(shap(), budget, 2, batch).get(1);
      assertArrayEquals(found(expected).values(), found(found).values());
      assertArrayEquals(expected.map(), found.map());
    }
  }

  /** With fewer samples than blocks, the blocks are as coarse as they were. */
  @Test
  void fewerSamplesThanBlocks() {
    for (int samples : new int[] {1, 2, 10}) {
      for (Explanation found : explain(shap(), Budget.DEFAULT.withSamples(samples), 1, 1)) {
        assertEquals(16, found(found).segments().count());
        double sum = Arrays.stream(found(found).values()).sum();
        assertEquals(found.fullScore() - found.baselineScore(), sum, 1e-5);
      }
    }
  }

  @Test
  void oneSegmentationForAllTargets() {
    List<Explanation> found = explain(shap(), Budget.DEFAULT.withSamples(100), 1, 1);
    Segments first = found(found.get(0)).segments();
    Segments second = found(found.get(1)).segments();
    assertEquals(first.count(), second.count());
    int cells = 0;
    for (int k = 0; k < first.count(); k++) {
      cells += first.cells(k);
      assertEquals(first.cells(k), second.cells(k));
    }
    assertEquals(SIDE * SIDE, cells);
  }

  @Test
  void superpixelsCannotBeCut() {
    Shap shap = shap().withSegmentation(Segmentation.slic(30));
    BadArgument error =
        assertThrows(BadArgument.class, () -> explain(shap, Budget.DEFAULT.withSamples(100), 1, 1));
    assertTrue(error.getMessage().contains("grid:16x16"), error.getMessage());
  }
}
