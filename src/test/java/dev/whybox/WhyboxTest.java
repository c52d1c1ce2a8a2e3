// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.BlackBox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.report.Caveats;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WhyboxTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static Whybox whybox;

  @BeforeAll
  static void open() {
    whybox = Whybox.bundled(Options.DEFAULT);
  }

  @AfterAll
  static void close() {
    whybox.close();
    whybox.close();
  }

  private static Shap shap(Segmentation segmentation, Baseline baseline) {
    return new Shap(segmentation, baseline, TargetSimilarity.PROBABILITY);
  }

  @Test
  @Tag("slow")
  void exactValuesSumToTheDrop() {
    Detection detection = whybox.detect(IMAGE).get(0);
    Explanation why =
        whybox.explain(IMAGE, Target.of(detection), shap(Segmentation.grid(3, 4), Baseline.BLUR));
    assertEquals(4094, why.samples());
    SegmentValues values = (SegmentValues) why.attribution();
    assertEquals(why.fullScore() - why.baselineScore(), Arrays.stream(values.values()).sum(), 1e-5);
    assertEquals(detection.score(), why.fullScore(), 1e-4);
    assertEquals(0, Arrays.stream(values.standardErrors()).sum());
  }

  @ParameterizedTest
  @EnumSource(Baseline.class)
  void everyBaselineHidesTheObject(Baseline baseline) {
    Detection detection = whybox.detect(IMAGE).get(0);
    Explanation why =
        whybox
            .explain(
                IMAGE,
                List.of(Target.of(detection)),
                shap(Segmentation.grid(4, 4), baseline),
                Budget.DEFAULT.withSamples(10),
                ProgressListener.NONE)
            .get(0);
    assertTrue(
        why.baselineScore() < why.fullScore() / 2,
        baseline + ": " + why.fullScore() + " → " + why.baselineScore());
  }

  @Test
  void aMissedBoxCanBeAskedAbout() {
    Explanation why =
        whybox
            .explain(
                IMAGE,
                List.of(Target.of(new Box(-20, -20, 60, 60), 1)),
                new DRise(),
                Budget.DEFAULT.withSamples(20),
                ProgressListener.NONE)
            .get(0);
    assertEquals(new Box(0, 0, 60, 60), why.target().box());
    assertTrue(why.fullScore() < 0.25);
  }

  @Test
  void theCosineAgreementScoresADetectionWithOne() {
    Detection detection = whybox.detect(IMAGE).get(0);
    Explanation why =
        whybox
            .explain(
                IMAGE,
                List.of(Target.of(detection)),
                new DRise(8, 0.5, Baseline.BLUR, TargetSimilarity.COSINE),
                Budget.DEFAULT.withSamples(10),
                ProgressListener.NONE)
            .get(0);
    assertEquals(1, why.fullScore(), 1e-4);
    assertEquals(13, why.forwards());
  }

  @ParameterizedTest
  @CsvSource({
    "10,10,50,50,99",
    "10,10,50,50,-1",
    "50,10,10,50,0",
    "9000,0,9100,50,0",
    "-9,-9,-1,-1,0",
    "NaN,0,10,10,0"
  })
  void badTargetsAreRefused(float x1, float y1, float x2, float y2, int classId) {
    Target target = Target.of(new Box(x1, y1, x2, y2), classId);
    assertThrows(BadTarget.class, () -> whybox.explain(IMAGE, target, new Shap()));
  }

  @Test
  void badNumbersAreRefused() {
    assertThrows(BadArgument.class, () -> Budget.DEFAULT.withSamples(0));
    assertThrows(BadArgument.class, () -> Budget.DEFAULT.withSamples(-5));
    assertThrows(BadArgument.class, () -> Budget.DEFAULT.withDeadline(Duration.ofMillis(0)));
    assertThrows(BadArgument.class, () -> Options.DEFAULT.withConfidence(1.5f));
    assertThrows(BadArgument.class, () -> Options.DEFAULT.withIou(Float.NaN));
    assertThrows(
        BadTarget.class,
        () -> whybox.explain(IMAGE, List.of(), new Shap(), Budget.DEFAULT, ProgressListener.NONE));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4000", "4000,1", "2,3"})
  void strangeSizesAreExplained(int width, int height) {
    Image image = Image.ofRgb(width, height, new byte[3 * width * height]);
    Target target = Target.of(new Box(0, 0, width, height), 0);
    for (var method : List.of(new DRise(), shap(Segmentation.grid(8, 8), Baseline.BLUR))) {
      Explanation why =
          whybox
              .explain(
                  image,
                  List.of(target),
                  method,
                  Budget.DEFAULT.withSamples(12),
                  ProgressListener.NONE)
              .get(0);
      assertEquals(width * height, why.map().length);
    }
  }

  @Test
  void closingCancelsWhatRuns() throws InterruptedException, ExecutionException {
    Whybox mine = Whybox.bundled(Options.DEFAULT);
    CountDownLatch started = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Target target = Target.of(mine.detect(IMAGE).get(0));
    Future<List<Explanation>> run =
        thread.submit(
            () ->
                mine.explain(
                    IMAGE,
                    List.of(target),
                    new DRise(),
                    Budget.DEFAULT.withSamples(10_000_000),
                    progress -> started.countDown()));
    started.await();
    mine.close();
    mine.close();
    assertEquals(Stop.CANCELLED, run.get().get(0).stop());
    assertThrows(EngineFailure.class, () -> mine.detect(IMAGE));
    assertThrows(EngineFailure.class, () -> mine.explain(IMAGE, target, new Shap()));
    thread.shutdown();
  }

  @Test
  void aListenerCannotCloseItsOwnWhybox() {
    Target target = Target.of(whybox.detect(IMAGE).get(0));
    assertThrows(
        IllegalStateException.class,
        () ->
            whybox.explain(
                IMAGE, List.of(target), new DRise(), Budget.DEFAULT, progress -> whybox.close()));
    assertTrue(whybox.detect(IMAGE).size() > 0, "still usable");
  }

  private static final Budget NO_TIME = Budget.DEFAULT.withDeadline(Duration.ofNanos(1));

  @Test
  void withoutTimeForASampleTheFallbackAnswers() {
    List<Target> targets = whybox.detect(IMAGE).stream().map(Target::of).toList();
    Method asked = new Shap();
    assertThrows(
        DeadlineTooShort.class,
        () -> whybox.explain(IMAGE, targets, asked, NO_TIME, ProgressListener.NONE));

    Budget guess = NO_TIME.withFallback(new BoxPrior());
    for (BlackBox method : List.of(new Shap(), new Lime(), new DRise())) {
      List<Explanation> found =
          whybox.explain(IMAGE, targets, method, guess, ProgressListener.NONE);
      assertEquals(targets.size(), found.size());
      Explanation why = found.get(0);
      assertEquals(new BoxPrior(), why.method());
      assertEquals(method, why.instead().asked());
      assertTrue(why.instead().reason().contains("no time for a sample"));
      assertEquals(0, why.samples());
      assertEquals(whybox.detect(IMAGE).get(0).score(), why.fullScore(), 1e-6);
      assertTrue(Caveats.of(why).stream().anyMatch(d -> d.contains(method.name())));
    }

    Budget inside = NO_TIME.withFallback(new LayerCam());
    List<Explanation> found = whybox.explain(IMAGE, targets, asked, inside, ProgressListener.NONE);
    List<Explanation> cams =
        whybox.explain(IMAGE, targets, new LayerCam(), Budget.DEFAULT, ProgressListener.NONE);
    for (int t = 0; t < found.size(); t++) {
      assertEquals("layer-cam", found.get(t).method().name());
      assertEquals(asked, found.get(t).instead().asked());
      assertArrayEquals(cams.get(t).map(), found.get(t).map(), 1e-6f);
      assertNull(cams.get(t).instead());
    }
  }

  @Test
  void whereThereIsTimeTheFallbackIsNotUsed() {
    Target target = Target.of(whybox.detect(IMAGE).get(0));
    Budget budget =
        Budget.DEFAULT
            .withSamples(8)
            .withDeadline(Duration.ofMinutes(1))
            .withFallback(new BoxPrior());
    Explanation why =
        whybox.explain(IMAGE, List.of(target), new Shap(), budget, ProgressListener.NONE).get(0);
    assertEquals("shap", why.method().name());
    assertNull(why.instead());
  }

  @Test
  void aFallbackNeedsNoSamples() {
    BadArgument error =
        assertThrows(BadArgument.class, () -> Budget.DEFAULT.withFallback(new Lime()));
    assertTrue(error.getMessage().contains("lime"), error.getMessage());
  }
}
