// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.report.Caveats;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SHAP's estimators as the product runs them, on detectors whose values are known. */
class ShapleyEstimatorKindTest {
  private static final int SIZE = 32;
  private static final int ANCHORS = 16 + 4 + 1;
  private static final double GRAY = 114 / 255.0;
  private static final List<Target> TARGETS =
      List.of(Target.of(new Box(0, 0, SIZE, SIZE), 0), Target.of(new Box(0, 0, SIZE, SIZE), 1));

  /** One box; the two classes' probabilities are functions of the picture's 4 × 4 cells. */
  private static FakeEngine engine(
      ToDoubleFunction<double[]> first, ToDoubleFunction<double[]> second) {
    return new FakeEngine(
        SIZE,
        2,
        (image, output) -> {
          double[] cells = new double[16];
          for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
              cells[y / 8 * 4 + x / 8] += image[y * SIZE + x] / 64;
            }
          }
          output[0] = SIZE / 2f;
          output[ANCHORS] = SIZE / 2f;
          output[2 * ANCHORS] = SIZE;
          output[3 * ANCHORS] = SIZE;
          output[4 * ANCHORS] = (float) first.applyAsDouble(cells);
          output[5 * ANCHORS] = (float) second.applyAsDouble(cells);
        });
  }

  /** Class 0: cells weighted by their number. Class 1: the product of cells 5 and 10. */
  private static FakeEngine engine() {
    return engine(
        cells -> {
          double sum = 0;
          for (int k = 0; k < 16; k++) {
            sum += k * cells[k] / 120;
          }
          return sum;
        },
        cells -> cells[5] * cells[10]);
  }

  private static Image white() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) 255);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }

  private static Shap shap(ShapleyEstimatorKind approximation) {
    return new Shap(
        Segmentation.grid(4, 4), Baseline.GRAY, TargetSimilarity.PROBABILITY, approximation);
  }

  private static List<Explanation> explain(
      FakeEngine engine, BlackBox method, Budget budget, int threads, int batch) {
    return new Explainer(new YoloModel(engine, "fake", "", 0), threads, batch)
        .explain(white(), TARGETS, method, budget, ProgressListener.NONE, () -> false);
  }

  private static SegmentValues found(Explanation explanation) {
    return (SegmentValues) explanation.attribution();
  }

  @ParameterizedTest
  @EnumSource
  void valuesOfAKnownDetector(ShapleyEstimatorKind approximation) {
    Budget budget = Budget.DEFAULT.withSamples(300).withSeed(3);
    List<Explanation> found = explain(engine(), shap(approximation), budget, 2, 0);
    double[] linear = new double[16];
    double[] product = new double[16];
    for (int k = 0; k < 16; k++) {
      linear[k] = k * (1 - GRAY) / 120;
    }
    // Of a product of two, each player's share is (1 − gray)(1 + gray)/2.
    product[5] = product[10] = (1 - GRAY) * (1 + GRAY) / 2;
    // Trees are steps, so they are not exact on a game that is linear.
    double tolerance = approximation == ShapleyEstimatorKind.TREES ? 0.01 : 1e-3;
    assertArrayEquals(linear, found(found.get(0)).values(), tolerance);
    assertArrayEquals(product, found(found.get(1)).values(), 0.05);
    for (Explanation each : found) {
      double sum = Arrays.stream(found(each).values()).sum();
      assertEquals(each.fullScore() - each.baselineScore(), sum, 1e-5);
      assertEquals(approximation.label(), each.method().parameters().get("estimator"));
    }
  }

  /** Without limits of the caller's own: 256 samples, up to 512 where a target is still unsure. */
  @Test
  void theDefaultGoesOnWhileTheErrorIsLarge() {
    for (ShapleyEstimatorKind approximation :
        List.of(ShapleyEstimatorKind.AUTO, ShapleyEstimatorKind.GAUSSIAN)) {
      for (Explanation sure : explain(engine(), shap(approximation), Budget.DEFAULT, 2, 0)) {
        assertEquals(256, sure.samples());
        assertEquals(Stop.ACCURACY, sure.stop());
        assertTrue(found(sure).relativeError() <= 0.25);
      }
      // Every coalition has a score of its own, so what is known of some says nothing of others.
      FakeEngine erratic =
          engine(cells -> (Arrays.hashCode(cells) >>> 8 & 0xff) / 255.0, cells -> cells[5]);
      for (Explanation unsure : explain(erratic, shap(approximation), Budget.DEFAULT, 2, 0)) {
        assertEquals(512, unsure.samples());
        assertEquals(Stop.SAMPLES, unsure.stop());
      }
    }
    Budget asked = Budget.DEFAULT.withSamples(64);
    assertEquals(
        64, explain(engine(), shap(ShapleyEstimatorKind.AUTO), asked, 2, 0).get(0).samples());
  }

  @Test
  void theProcessNeedsFewForwards() {
    Budget budget = Budget.DEFAULT.withSamples(64);
    FakeEngine engine = engine();
    Explanation found = explain(engine, shap(ShapleyEstimatorKind.GAUSSIAN), budget, 2, 0).get(1);
    double share = (1 - GRAY) * (1 + GRAY) / 2;
    assertEquals(share, found(found).values()[5], 0.01);
    assertEquals(share, found(found).values()[10], 0.01);
    assertEquals(66, found.forwards());
    assertEquals(66, engine.images(), "nothing is run that is not counted");
  }

  @ParameterizedTest
  @EnumSource
  void sameSeedSameMapForAnyBatchAndThreads(ShapleyEstimatorKind approximation) {
    Budget budget = Budget.DEFAULT.withSamples(101).withSeed(5);
    Shap shap = shap(approximation);
    float[] expected = explain(engine(), shap, budget, 1, 1).get(1).map();
    for (int threads : new int[] {1, 2, 3}) {
      for (int batch : new int[] {0, 1, 3, 8, 20}) {
        float[] found = explain(engine(), shap, budget, threads, batch).get(1).map();
        assertArrayEquals(expected, found, threads + " " + batch);
      }
    }
    float[] other = explain(engine(), shap, budget.withSeed(6), 1, 1).get(1).map();
    // Any order and its reverse give a product of two in equal parts.
    assertEquals(approximation == ShapleyEstimatorKind.PERMUTATION, Arrays.equals(expected, other));
  }

  /** Past the samples of the process, too, and with looks at what is known so far. */
  @Test
  void sameSeedSameCorrectionForAnyBatchAndThreads() {
    Budget budget = Budget.DEFAULT.withSamples(801).withSeed(5);
    Shap shap = shap(ShapleyEstimatorKind.AUTO);
    Explanation expected = explain(engine(), shap, budget, 1, 1).get(1);
    assertEquals(800, expected.samples());
    for (int batch : new int[] {0, 3, 20}) {
      List<Explanation> found =
          new Explainer(new YoloModel(engine(), "fake", "", 0), 2, batch)
              .explain(
                  white(),
                  TARGETS,
                  shap,
                  budget,
                  progress -> assertEquals(2, progress.partial().size()),
                  () -> false);
      assertArrayEquals(expected.map(), found.get(1).map(), "batch " + batch);
      assertArrayEquals(
          found(expected).standardErrors(), found(found.get(1)).standardErrors(), "batch " + batch);
    }
  }

  /** A forward that costs nothing: what the process leaves of the time goes to its correction. */
  @Test
  void aFastEngineGoesOnPastTheProcess() {
    Budget budget = Budget.DEFAULT.withDeadline(Duration.ofSeconds(3));
    Explanation found = explain(engine(), shap(ShapleyEstimatorKind.AUTO), budget, 1, 0).get(0);
    assertTrue(found.samples() > 640, found.samples() + " samples");
    assertEquals(Estimation.CORRECTED, found.estimation().orElseThrow().estimator());
    assertTrue(
        found.estimation().orElseThrow().reason().contains("more than 512"),
        found.estimation().orElseThrow().reason());
  }

  /** Who looks at partial results gets the same result in the end. */
  @Test
  void lookingChangesNothing() {
    Budget budget = Budget.DEFAULT.withSamples(120);
    float[] expected =
        explain(engine(), shap(ShapleyEstimatorKind.GAUSSIAN), budget, 1, 1).get(1).map();
    float[] found =
        new Explainer(new YoloModel(engine(), "fake", "", 0), 1, 1)
            .explain(
                white(),
                TARGETS,
                shap(ShapleyEstimatorKind.GAUSSIAN),
                budget,
                progress -> assertEquals(2, progress.partial().size()),
                () -> false)
            .get(1)
            .map();
    assertArrayEquals(expected, found);
  }

  @Test
  void theGradientIsAHintAndCounts() {
    float[] pixels = new float[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      int cell = i / SIZE / 8 * 4 + i % SIZE / 8;
      pixels[i] = cell == 5 || cell == 10 ? 1 : 0.01f;
    }
    PixelValues saliency = new PixelValues(SIZE, SIZE, pixels, Double.NaN, false);
    double share = (1 - GRAY) * (1 + GRAY) / 2;
    double[] off = new double[2];
    for (int hinted = 0; hinted < 2; hinted++) {
      List<PixelValues> maps = hinted == 0 ? List.of() : List.of(saliency, saliency);
      Explanation found =
          new Explainer(new YoloModel(engine(), "fake", "", 0), 1, 1)
              .explain(
                  white(),
                  TARGETS,
                  shap(ShapleyEstimatorKind.GAUSSIAN),
                  List.of(),
                  Budget.DEFAULT.withSamples(32),
                  ProgressListener.NONE,
                  () -> false,
                  () -> maps)
              .get(0)
              .get(1);
      assertEquals(34 + 2 * hinted, found.forwards());
      off[hinted] = Math.abs(found(found).values()[5] - share);
    }
    assertTrue(off[1] <= off[0], off[1] + " with the gradient, " + off[0] + " without");
  }

  @ParameterizedTest
  @EnumSource
  void anErrorGoalEndsTheRun(ShapleyEstimatorKind approximation) {
    Budget budget = Budget.DEFAULT.withSamples(20_000).withError(0.1);
    List<Integer> samples = new ArrayList<>();
    for (int batch : new int[] {1, 7}) {
      List<Explanation> found = explain(engine(), shap(approximation), budget, 2, batch);
      assertEquals(Stop.ACCURACY, found.get(0).stop());
      assertTrue(found.get(0).samples() < 20_000);
      for (Explanation each : found) {
        assertTrue(found(each).relativeError() <= 0.1);
      }
      samples.add(found.get(0).samples());
    }
    assertEquals(samples.get(0), samples.get(1));
  }

  @Test
  void anErrorGoalIsForShapAlone() {
    Budget budget = Budget.DEFAULT.withError(0.1);
    assertThrows(BadArgument.class, () -> explain(engine(), new DRise(), budget, 1, 1));
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(BadArgument.class, () -> Budget.DEFAULT.withError(bad));
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalScoresAreWorthNothing(ShapleyEstimatorKind approximation) {
    FakeEngine engine = engine(cells -> 0.25, cells -> 0.25);
    Budget budget = Budget.DEFAULT.withSamples(100);
    SegmentValues found = found(explain(engine, shap(approximation), budget, 1, 4).get(0));
    assertArrayEquals(new double[16], found.values(), 1e-7);
  }

  @ParameterizedTest
  @EnumSource
  void theFullImageAsGoodAsTheBaseline(ShapleyEstimatorKind approximation) {
    FakeEngine engine = engine(cells -> 0.5 + (cells[3] - cells[12]) / 2, cells -> 0.5);
    Budget budget = Budget.DEFAULT.withSamples(200);
    SegmentValues found = found(explain(engine, shap(approximation), budget, 1, 4).get(0));
    assertEquals(0, Arrays.stream(found.values()).sum(), 1e-6);
    assertEquals((1 - GRAY) / 2, found.values()[3], 0.02);
    assertEquals((GRAY - 1) / 2, found.values()[12], 0.02);
  }

  @ParameterizedTest
  @EnumSource
  void fewPlayersAndFewSamples(ShapleyEstimatorKind approximation) {
    for (int[] grid : new int[][] {{1, 1}, {1, 2}, {1, 3}, {4, 4}}) {
      Shap shap = shap(approximation).withSegmentation(Segmentation.grid(grid[0], grid[1]));
      for (int samples : new int[] {1, 2, 3, 5}) {
        Explanation each =
            explain(engine(), shap, Budget.DEFAULT.withSamples(samples), 2, 3).get(0);
        double sum = Arrays.stream(found(each).values()).sum();
        assertEquals(each.fullScore() - each.baselineScore(), sum, 1e-5);
        assertTrue(each.samples() <= samples);
        assertEquals(Stop.SAMPLES, each.stop());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scoresThatAreNoNumbersAreRefused(ShapleyEstimatorKind approximation) {
    FakeEngine engine = engine(cells -> cells[0] < 0.6 ? Double.NaN : 0.5, cells -> 0.5);
    Budget budget = Budget.DEFAULT.withSamples(100);
    assertThrows(NonFiniteOutput.class, () -> explain(engine, shap(approximation), budget, 1, 4));
  }

  /** At 4 ms a forward: many fit into a long deadline, few into a short one. */
  @ParameterizedTest
  @ValueSource(ints = {400, 800})
  void aDeadlineIsKept(int millis) {
    FakeEngine slow =
        engine(
            cells -> {
              try {
                Thread.sleep(4);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return cells[5];
            },
            cells -> cells[5] * cells[10]);
    for (ShapleyEstimatorKind approximation : ShapleyEstimatorKind.values()) {
      Budget budget = Budget.DEFAULT.withSamples(100_000).withDeadline(Duration.ofMillis(millis));
      long start = System.nanoTime();
      Explanation found = explain(slow, shap(approximation), budget, 1, 1).get(0);
      long took = (System.nanoTime() - start) / 1_000_000;
      // All samples would take minutes. How late it is exactly is for the bench: machines are busy.
      assertTrue(took <= millis + 3000, approximation + " took " + took + " ms");
      assertTrue(found.samples() >= 10, approximation + ": " + found.samples());
      assertTrue(found.stop() == Stop.DEADLINE || found.stop() == Stop.SAMPLES);
    }
  }

  @Test
  void aDeadlineShorterThanAForwardIsAnError() {
    FakeEngine slow =
        engine(
            cells -> {
              try {
                Thread.sleep(30);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return cells[5];
            },
            cells -> 0.5);
    Budget budget = Budget.DEFAULT.withDeadline(Duration.ofMillis(10));
    DeadlineTooShort error =
        assertThrows(
            DeadlineTooShort.class,
            () -> explain(slow, shap(ShapleyEstimatorKind.AUTO), budget, 1, 1));
    assertTrue(error.getMessage().contains("Give more time"), error.getMessage());
  }

  @Test
  void resultsSayWhichEstimatorRan() {
    Estimation few = estimation(ShapleyEstimatorKind.AUTO, 64);
    assertEquals("gaussian", few.estimator());
    assertTrue(few.reason().contains("512 samples or fewer"), few.reason());
    Estimation many = estimation(ShapleyEstimatorKind.AUTO, 700);
    assertEquals(Estimation.CORRECTED, many.estimator());
    assertTrue(many.reason().contains("more than 512"), many.reason());
    assertTrue(!many.capped(), "all of them tell");
    assertEquals("kernel", estimation(ShapleyEstimatorKind.KERNEL, 64).estimator());
    Shap small =
        new Shap(
            Segmentation.grid(2, 2),
            Baseline.GRAY,
            TargetSimilarity.PROBABILITY,
            ShapleyEstimatorKind.AUTO);
    assertEquals(
        Estimation.EXACT,
        explain(engine(), small, Budget.DEFAULT, 1, 1)
            .get(0)
            .estimation()
            .orElseThrow()
            .estimator());
  }

  @Test
  void theProcessSaysThatItTakesNoMore() {
    Budget budget = Budget.DEFAULT.withSamples(600);
    Explanation found = explain(engine(), shap(ShapleyEstimatorKind.GAUSSIAN), budget, 1, 0).get(0);
    assertEquals(512, found.samples());
    assertTrue(found.estimation().orElseThrow().capped());
    String doubts = String.join(" ", Caveats.of(found));
    assertTrue(doubts.contains("at most 512 samples, though 600"), doubts);
    assertTrue(!estimation(ShapleyEstimatorKind.GAUSSIAN, 101).capped(), "an odd one is no loss");
  }

  private static Estimation estimation(ShapleyEstimatorKind approximation, int samples) {
    Budget budget = Budget.DEFAULT.withSamples(samples);
    return explain(engine(), shap(approximation), budget, 1, 0).get(0).estimation().orElseThrow();
  }

  @Test
  void labelsAreRead() {
    for (ShapleyEstimatorKind approximation : ShapleyEstimatorKind.values()) {
      assertEquals(approximation, ShapleyEstimatorKind.parse(approximation.label()));
    }
    assertThrows(BadArgument.class, () -> ShapleyEstimatorKind.parse("best"));
  }
}
