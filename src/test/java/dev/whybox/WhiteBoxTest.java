// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.LayerMethod;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** White-box methods through the front door, on the bundled model. */
class WhiteBoxTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final List<WhiteBox> QUICK =
      List.of(new Saliency(), new InputXGradient(), new LayerCam(), new SmoothGrad());
  private static Whybox whybox;

  @BeforeAll
  static void open() {
    whybox = Whybox.bundled(Options.DEFAULT);
  }

  @AfterAll
  static void close() {
    whybox.close();
  }

  private static List<Target> targets() {
    return whybox.detect(IMAGE).stream().map(Target::of).toList();
  }

  private static List<Explanation> explain(Whybox by, List<Target> targets, Method method) {
    Budget budget = Budget.DEFAULT.withSamples(3).withSeed(42);
    return by.explain(IMAGE, targets, method, budget, ProgressListener.NONE);
  }

  private static void assertSame(Explanation expected, Explanation found) {
    float[] map = expected.map();
    float largest = 0;
    for (float value : map) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0);
    assertArrayEquals(map, found.map(), 1e-3f * largest);
  }

  @Test
  void targetsDoNotDisturbEachOther() {
    List<Target> targets = targets();
    for (WhiteBox method : QUICK) {
      List<Explanation> together = explain(whybox, targets, method);
      for (int t = 0; t < targets.size(); t++) {
        assertSame(explain(whybox, List.of(targets.get(t)), method).get(0), together.get(t));
        assertEquals(whybox.detect(IMAGE).get(t).score(), together.get(t).fullScore(), 1e-4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "4,1", "3,2"})
  void mapsDoNotDependOnBatchAndThreads(int batch, int threads) {
    List<Target> targets = targets();
    try (Whybox other = Whybox.bundled(Options.DEFAULT.withBatch(batch).withThreads(threads))) {
      for (WhiteBox method : QUICK) {
        List<Explanation> expected = explain(whybox, targets, method);
        List<Explanation> found = explain(other, targets, method);
        for (int t = 0; t < targets.size(); t++) {
          assertSame(expected.get(t), found.get(t));
        }
      }
    }
  }

  @Test
  void theSeedDecidesTheNoise() {
    Target target = targets().get(0);
    Budget budget = Budget.DEFAULT.withSamples(2);
    List<float[]> maps = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      Explanation why =
          whybox
              .explain(
                  IMAGE,
                  List.of(target),
                  new SmoothGrad(),
                  budget.withSeed(seed),
                  ProgressListener.NONE)
              .get(0);
      assertEquals(2, why.samples());
      maps.add(why.map());
    }
    assertArrayEquals(maps.get(0), maps.get(1));
    assertFalse(Arrays.equals(maps.get(0), maps.get(2)));
  }

  @Test
  void aWhyboxIsSharedBetweenThreads() throws InterruptedException, ExecutionException {
    List<Target> targets = targets();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Whybox mine = Whybox.bundled(Options.DEFAULT)) {
      List<Future<List<Explanation>>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        for (WhiteBox method : QUICK) {
          running.add(threads.submit(() -> explain(mine, targets, method)));
        }
      }
      List<List<Explanation>> expected =
          QUICK.stream().map(method -> explain(whybox, targets, method)).toList();
      for (int i = 0; i < running.size(); i++) {
        List<Explanation> found = running.get(i).get();
        for (int t = 0; t < targets.size(); t++) {
          assertSame(expected.get(i % QUICK.size()).get(t), found.get(t));
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BLUR", "GRAY"})
  void integratedGradientsSumToTheDifferenceOfLogits(Baseline baseline) {
    Target target = targets().get(0);
    Explanation why = whybox.explain(IMAGE, target, new IntegratedGradients(baseline));
    PixelValues values = (PixelValues) why.attribution();
    assertTrue(values.signed());
    double sum = 0;
    for (float value : values.values()) {
      sum += value;
    }
    double fall = logit(why.fullScore()) - logit(why.baselineScore());
    assertTrue(
        why.completenessGap().getAsDouble() <= 0.01 * Math.abs(fall),
        "gap " + why.completenessGap().getAsDouble());
    assertEquals(why.completenessGap().getAsDouble(), Math.abs(sum - fall), 1e-3);
    assertEquals(Stop.SAMPLES, why.stop());
  }

  private static double logit(double score) {
    return Math.log(score / (1 - score));
  }

  @Test
  void aBudgetEndsIntegratedGradients() {
    Budget budget = Budget.DEFAULT.withSamples(5);
    Explanation why =
        whybox
            .explain(
                IMAGE,
                targets().subList(0, 1),
                new IntegratedGradients(),
                budget,
                ProgressListener.NONE)
            .get(0);
    assertEquals(5, why.samples());
    assertTrue(why.completenessGap().getAsDouble() >= 0);
    List<Target> one = targets().subList(0, 1);
    Explanation few =
        whybox
            .explain(IMAGE, one, new IntegratedGradients(), budget.withSamples(16), p -> {})
            .get(0);
    assertEquals(7, few.samples(), "what is run is used and reported: two halves take ten more");
    assertEquals(7, few.forwards());
  }

  @Test
  void aDeadlineAndACancelEndEarly() {
    List<Target> one = targets().subList(0, 1);
    Budget hurry = Budget.DEFAULT.withSamples(100_000).withDeadline(Duration.ofMillis(500));
    Explanation late =
        whybox.explain(IMAGE, one, new SmoothGrad(), hurry, ProgressListener.NONE).get(0);
    assertEquals(Stop.DEADLINE, late.stop());
    List<Long> heard = new ArrayList<>();
    Explanation cancelled =
        whybox
            .explain(
                IMAGE,
                one,
                new SmoothGrad(),
                Budget.DEFAULT,
                progress -> {
                  heard.add(progress.done());
                  assertEquals(Stop.RUNNING, progress.partial().get(0).stop());
                  progress.cancel();
                })
            .get(0);
    assertEquals(Stop.CANCELLED, cancelled.stop());
    assertEquals(List.of(1L), heard);
  }

  @Test
  void aBoxOfOnesOwnCanBeAskedAbout() {
    Detection detection = whybox.detect(IMAGE).get(0);
    Target asked = Target.of(detection.box(), detection.classId());
    Explanation why = whybox.explain(IMAGE, asked, new LayerCam());
    assertSame(whybox.explain(IMAGE, Target.of(detection), new LayerCam()), why);
    assertEquals(detection.score(), why.fullScore(), 1e-4);
    assertEquals(2, why.forwards());
  }

  @Test
  void layersAreNamedByTheResult() {
    Target target = targets().get(0);
    LayerMethod used = (LayerMethod) whybox.explain(IMAGE, target, new GradCam()).method();
    assertFalse(used.layers().isEmpty());
    Explanation named = whybox.explain(IMAGE, target, new GradCam(used.layers()));
    assertSame(whybox.explain(IMAGE, target, new GradCam()), named);
  }

  @Test
  void layersThatDoNotFitAreRefused() {
    Target target = targets().get(0);
    BadArgument unknown =
        assertThrows(
            BadArgument.class,
            () -> whybox.explain(IMAGE, target, new GradCam(List.of("model.99"))));
    assertTrue(unknown.getMessage().contains("model.99"), unknown.getMessage());
    assertTrue(unknown.getMessage().contains("model.15"), unknown.getMessage());
    BadArgument flat =
        assertThrows(
            BadArgument.class,
            () -> whybox.explain(IMAGE, target, new GradCam(List.of("output0"))));
    assertTrue(flat.getMessage().contains("model.15"), flat.getMessage());
    assertThrows(BadArgument.class, () -> new SmoothGrad(0));
    assertThrows(BadArgument.class, () -> new SmoothGrad(Double.NaN));
  }

  @Test
  void aTargetThatDoesNotDependOnTheLayerIsRefused() {
    // The first anchor belongs to the finest scale, which does not read the coarsest one's layer.
    Detection made = new Detection(new Box(0, 0, 9, 9), 0, "", 0.5f, 0);
    NotDifferentiable error =
        assertThrows(
            NotDifferentiable.class,
            () -> whybox.explain(IMAGE, Target.of(made), new GradCam(List.of("model.21"))));
    assertTrue(error.getMessage().contains("model.21"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,3000", "3000,1", "2,3"})
  void strangeSizesAreExplained(int width, int height) {
    Image image = Image.ofRgb(width, height, new byte[3 * width * height]);
    Target target = Target.of(new Box(0, 0, width, height), 0);
    for (WhiteBox method : QUICK) {
      try {
        Budget budget = Budget.DEFAULT.withSamples(2);
        Explanation why =
            whybox.explain(image, List.of(target), method, budget, ProgressListener.NONE).get(0);
        assertEquals(width * height, why.map().length);
      } catch (BadTarget e) {
        assertTrue(e.getMessage().contains("anchor"), e.getMessage());
      }
    }
  }

  @Test
  void manyLayersCanBeLookedAtOneAfterAnother() {
    Target target = targets().get(0);
    Explanation first = whybox.explain(IMAGE, target, new LayerCam(List.of("model.1")));
    for (int layer = 2; layer <= 10; layer++) {
      whybox.explain(IMAGE, target, new LayerCam(List.of("model." + layer)));
    }
    assertSame(first, whybox.explain(IMAGE, target, new LayerCam(List.of("model.1"))));
  }

  @Test
  void nothingRunsAfterClosing() {
    Whybox mine = Whybox.bundled(Options.DEFAULT);
    Target target = Target.of(mine.detect(IMAGE).get(0));
    mine.explain(IMAGE, target, new Saliency());
    mine.close();
    mine.close();
    assertThrows(EngineFailure.class, () -> mine.explain(IMAGE, target, new Saliency()));
  }
}
