// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A detector whose probability is known in closed form: the brightness of named pixels. */
class ExplainerTest {
  private static final int SIZE = 32;
  private static final int ANCHORS = 16 + 4 + 1;
  private static final Box BOX = new Box(0, 0, SIZE, SIZE);

  /** Class 0: mean of the red channel's quadrants, weighted 1, 2, 3, 4. Class 1: a product. */
  private static void model(float[] image, float[] output) {
    double[] quadrants = new double[4];
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        quadrants[y / 16 * 2 + x / 16] += image[y * SIZE + x] / 256;
      }
    }
    double linear = 0;
    for (int q = 0; q < 4; q++) {
      linear += (q + 1) * quadrants[q] / 10;
    }
    // All boxes but the first anchor's are empty, and no other has a probability.
    output[0] = SIZE / 2f;
    output[ANCHORS] = SIZE / 2f;
    output[2 * ANCHORS] = SIZE;
    output[3 * ANCHORS] = SIZE;
    output[4 * ANCHORS] = (float) linear;
    output[5 * ANCHORS] = (float) (quadrants[0] * quadrants[3]);
  }

  private static Image white() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) 255);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }

  private static Shap shap(int rows, int columns) {
    return new Shap(Segmentation.grid(rows, columns), Baseline.GRAY, TargetSimilarity.PROBABILITY);
  }

  private static List<Explanation> explain(
      FakeEngine engine, BlackBox method, Budget budget, int threads, int batch) {
    return explain(engine, method, budget, threads, batch, ProgressListener.NONE);
  }

  private static List<Explanation> explain(
      FakeEngine engine,
      BlackBox method,
      Budget budget,
      int threads,
      int batch,
      ProgressListener listener) {
    return new Explainer(new YoloModel(engine, "fake", "", 0), threads, batch)
        .explain(
            white(),
            List.of(Target.of(BOX, 0), Target.of(BOX, 1)),
            method,
            budget,
            listener,
            () -> false);
  }

  private static FakeEngine engine() {
    return new FakeEngine(SIZE, 2, ExplainerTest::model);
  }

  private static double[] values(Explanation explanation) {
    return ((SegmentValues) explanation.attribution()).values();
  }

  @Test
  void shapleyValuesOfAKnownDetector() {
    FakeEngine engine = engine();
    List<Explanation> found = explain(engine, shap(2, 2), Budget.DEFAULT, 2, 0);
    double gray = 114 / 255.0;
    double gain = 1 - gray;
    assertArrayEquals(
        new double[] {0.1 * gain, 0.2 * gain, 0.3 * gain, 0.4 * gain}, values(found.get(0)), 1e-5);
    // Of a product of two, each player's share is (1 − gray)(1 + gray)/2.
    double share = gain * (1 + gray) / 2;
    assertArrayEquals(new double[] {share, 0, 0, share}, values(found.get(1)), 1e-5);
    assertEquals(1, found.get(0).fullScore(), 1e-5);
    assertEquals(gray, found.get(0).baselineScore(), 1e-5);
    assertEquals(14, found.get(0).samples());
    assertEquals(16, found.get(0).forwards());
    assertEquals(16, engine.images(), "nothing is run that is not counted");
    assertEquals(Stop.SAMPLES, found.get(0).stop());
  }

  @Test
  void theMapIsInImagePixels() {
    float[] map = explain(engine(), shap(2, 2), Budget.DEFAULT, 1, 0).get(0).map();
    assertEquals(SIZE * SIZE, map.length);
    double unit = (1 - 114 / 255.0) / 10;
    assertEquals(unit, map[0], 1e-5);
    assertEquals(2 * unit, map[SIZE - 1], 1e-5);
    assertEquals(4 * unit, map[SIZE * SIZE - 1], 1e-5);
  }

  @Test
  void sameSeedSameMapForAnyBatchAndThreads() {
    Budget budget = Budget.DEFAULT.withSamples(301).withSeed(5);
    DRise rise = new DRise(16, 0.5, Baseline.GRAY, TargetSimilarity.PROBABILITY);
    Lime lime =
        new Lime(Segmentation.grid(4, 4), 0.25, 1, Baseline.GRAY, TargetSimilarity.PROBABILITY);
    for (BlackBox method : new BlackBox[] {rise, lime, shap(4, 4)}) {
      float[] expected = explain(engine(), method, budget, 1, 1).get(0).map();
      for (int threads : new int[] {1, 2}) {
        for (int batch : new int[] {0, 1, 3, 8}) {
          float[] found = explain(engine(), method, budget, threads, batch).get(0).map();
          assertArrayEquals(expected, found, method.name() + " " + threads + " " + batch);
        }
      }
      float[] otherSeed = explain(engine(), method, budget.withSeed(6), 1, 1).get(0).map();
      assertTrue(!Arrays.equals(expected, otherSeed), method.name());
    }
  }

  @Test
  void dRiseFindsTheBrightestQuadrant() {
    Explanation found =
        explain(
                engine(),
                new DRise(4, 0.5, Baseline.GRAY, TargetSimilarity.PROBABILITY),
                Budget.DEFAULT.withSamples(2000),
                2,
                0)
            .get(0);
    float[] map = found.map();
    // Cells of the strongest quadrant against those of the weakest.
    assertTrue(map[24 * SIZE + 24] > map[8 * SIZE + 8] + 0.005);
  }

  @Test
  void cancelReturnsWhatThereIs() {
    long[] planned = new long[1];
    List<Explanation> found =
        explain(
            engine(),
            shap(4, 4),
            Budget.DEFAULT.withSamples(100_000),
            1,
            1,
            progress -> {
              planned[0] = progress.planned();
              assertEquals(Stop.RUNNING, progress.partial().get(0).stop());
              assertEquals(progress.done(), progress.partial().get(1).samples());
              if (progress.done() > 40) {
                progress.cancel();
              }
            });
    assertEquals(100_000, planned[0]);
    assertEquals(Stop.CANCELLED, found.get(0).stop());
    assertTrue(found.get(0).samples() > 40 && found.get(0).samples() < 100_000);
    assertEquals(
        found.get(0).fullScore() - found.get(0).baselineScore(),
        Arrays.stream(values(found.get(0))).sum(),
        1e-5);
  }

  @Test
  void interruptReturnsWhatThereIsAndStaysSet() {
    Thread.currentThread().interrupt();
    List<Explanation> found = explain(engine(), shap(4, 4), Budget.DEFAULT.withSamples(1000), 2, 1);
    assertTrue(Thread.interrupted());
    assertEquals(Stop.CANCELLED, found.get(0).stop());
  }

  @Test
  void theDeadlineIsKept() {
    FakeEngine slow =
        new FakeEngine(
            SIZE,
            2,
            (image, output) -> {
              sleep(10);
              model(image, output);
            });
    Budget budget = Budget.DEFAULT.withSamples(100_000).withDeadline(Duration.ofMillis(400));
    long start = System.nanoTime();
    List<Explanation> found = explain(slow, shap(4, 4), budget, 1, 1);
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertEquals(Stop.DEADLINE, found.get(0).stop());
    assertTrue(found.get(0).samples() > 5, "samples " + found.get(0).samples());
    assertTrue(seconds < 5, "took " + seconds + " s");

    Budget none = Budget.DEFAULT.withDeadline(Duration.ofMillis(5));
    DeadlineTooShort error =
        assertThrows(DeadlineTooShort.class, () -> explain(slow, shap(4, 4), none, 1, 1));
    assertTrue(error.getMessage().contains("5 ms"), error.getMessage());
  }

  /**
   * Waves overlap, so the next one is planned while one runs and another may wait. An image takes
   * at least 10 ms, so more than 100 of them end after the second that there is, on any machine.
   */
  @Test
  void noWaveIsStartedThatCannotEndInTime() {
    FakeEngine slow =
        new FakeEngine(
            SIZE,
            2,
            (image, output) -> {
              sleep(10);
              model(image, output);
            });
    Budget budget = Budget.DEFAULT.withSamples(100_000).withDeadline(Duration.ofSeconds(1));
    for (BlackBox method :
        List.of(shap(4, 4).withEstimator(ShapleyEstimatorKind.LEVERAGE), new DRise())) {
      Explanation found = explain(slow, method, budget, 1, 1).get(0);
      assertEquals(Stop.DEADLINE, found.stop());
      assertTrue(found.forwards() <= 101, method.name() + ": " + found.forwards());
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nanFromTheModelIsAnError() {
    FakeEngine bad = new FakeEngine(SIZE, 2, (image, output) -> output[4 * ANCHORS] = Float.NaN);
    assertThrows(NonFiniteOutput.class, () -> explain(bad, new DRise(), Budget.DEFAULT, 2, 0));
  }

  @Test
  void oneSegmentGetsEverything() {
    Explanation found = explain(engine(), shap(1, 1), Budget.DEFAULT, 1, 0).get(0);
    assertEquals(1 - 114 / 255.0, values(found)[0], 1e-5);
    assertEquals(0, found.samples());
  }

  @Test
  void tooManySegmentsAreRefused() {
    FakeEngine larger = new FakeEngine(64, 2, (image, output) -> {});
    BadArgument error =
        assertThrows(BadArgument.class, () -> explain(larger, shap(32, 33), Budget.DEFAULT, 1, 0));
    assertTrue(error.getMessage().contains("1056"), error.getMessage());
  }

  @Test
  void noLaneStaysOpen() {
    FakeEngine engine = engine();
    explain(engine, shap(4, 4), Budget.DEFAULT.withSamples(200), 4, 0);
    assertEquals(0, engine.openLanes());
    FakeEngine bad = new FakeEngine(SIZE, 2, (image, output) -> output[4 * ANCHORS] = Float.NaN);
    assertThrows(NonFiniteOutput.class, () -> explain(bad, new DRise(), Budget.DEFAULT, 4, 0));
    assertEquals(0, bad.openLanes());
  }

  @Test
  void plansThatNeedTooManyLanesAreLeftOut() {
    FakeEngine small = engine().failAfterLanes(2);
    List<Explanation> found = explain(small, shap(4, 4), Budget.DEFAULT.withSamples(200), 8, 0);
    assertEquals(200, found.get(0).samples());
    assertEquals(0, small.openLanes());
    FakeEngine none = engine().failAfterLanes(0);
    assertThrows(EngineFailure.class, () -> explain(none, shap(4, 4), Budget.DEFAULT, 8, 0));
  }

  @Test
  void fiftyTargetsGetTheirOwnValues() {
    List<Target> targets = new ArrayList<>();
    for (int t = 0; t < 50; t++) {
      targets.add(Target.of(new Box(0, 0, SIZE, SIZE - t * 0.5f), t % 2));
    }
    List<Explanation> found =
        new Explainer(new YoloModel(engine(), "fake", "", 0), 2, 0)
            .explain(
                white(), targets, shap(2, 2), Budget.DEFAULT, ProgressListener.NONE, () -> false);
    double gain = 1 - 114 / 255.0;
    for (int t = 0; t < 50; t++) {
      // The only box that the detector knows is the whole image.
      double iou = (SIZE - t * 0.5) / SIZE;
      double first = t % 2 == 0 ? 0.1 * gain : gain * (2 - gain) / 2;
      assertEquals(iou * first, values(found.get(t))[0], 1e-5);
    }
  }
}
