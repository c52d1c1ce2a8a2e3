// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several callers of one explainer. A forward takes 2 ms. */
@Timeout(120)
class CallersTest {
  private static final int SIZE = 32;
  private static final int ANCHORS = 4 * 4 + 2 * 2 + 1;
  private static final int CALLERS = 4;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final FakeEngine engine = new FakeEngine(SIZE, 1, this::model);
  private final Explainer explainer = new Explainer(new YoloModel(engine, "fake", "", 0), 2, 1);

  /** One box over all, as probable as the image is bright. */
  private void model(float[] image, float[] output) {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    LockSupport.parkNanos(2_000_000);
    double sum = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      sum += image[i];
    }
    output[0] = SIZE / 2f;
    output[ANCHORS] = SIZE / 2f;
    output[2 * ANCHORS] = SIZE;
    output[3 * ANCHORS] = SIZE;
    output[4 * ANCHORS] = (float) (sum / SIZE / SIZE);
    running.decrementAndGet();
  }

  private static Image picture(int gray) {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) gray);
    return Image.ofRgb(SIZE, SIZE, rgb);
  }

  private Explanation explain(Image image, Budget budget) {
    Shap shap =
        new Shap(Segmentation.grid(4, 4), Baseline.GRAY, TargetSimilarity.PROBABILITY)
            .withEstimator(ShapleyEstimatorKind.LEVERAGE);
    Target target = Target.of(new Box(0, 0, SIZE, SIZE), 0);
    List<PixelValues> none = List.of();
    return explainer
        .explain(
            image,
            List.of(target),
            shap,
            List.of(),
            budget,
            ProgressListener.NONE,
            () -> false,
            () -> none)
        .get(0)
        .get(0);
  }

  private static void together(Runnable work) {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      all.add(CompletableFuture.runAsync(work, threads));
    }
    all.forEach(CompletableFuture::join);
    threads.shutdown();
  }

  /** Two lanes run at most, and each caller has the map that it would have alone. */
  @Test
  void callersWithoutADeadlineShareTheLanes() {
    Image image = picture(255);
    Budget budget = Budget.DEFAULT.withSamples(60);
    double[] alone = ((SegmentValues) explain(image, budget).attribution()).values();
    together(
        () ->
            assertArrayEquals(
                alone, ((SegmentValues) explain(image, budget).attribution()).values(), 0));
    assertEquals(2, most.get());
    assertEquals(0, engine.openLanes());
  }

  /** Never an answer without a sample, and never nothing for all. */
  @Test
  void withADeadlineEachGetsSamplesOrIsRefused() {
    explain(picture(1), Budget.DEFAULT.withSamples(40));
    Budget budget = Budget.DEFAULT.withDeadline(Duration.ofMillis(200)).withSamples(100_000);
    ConcurrentLinkedQueue<Explanation> answers = new ConcurrentLinkedQueue<>();
    AtomicInteger refused = new AtomicInteger();
    together(
        () -> {
          for (int call = 0; call < 5; call++) {
            try {
              answers.add(explain(picture(200), budget));
            } catch (DeadlineTooShort e) {
              refused.incrementAndGet();
            }
          }
        });
    assertEquals(5 * CALLERS, answers.size() + refused.get());
    assertTrue(!answers.isEmpty(), "all were refused");
    assertTrue(answers.stream().allMatch(answer -> answer.samples() > 0));
    assertEquals(0, engine.openLanes());
    // Nobody left the turn behind.
    assertEquals(40, explain(picture(2), Budget.DEFAULT.withSamples(40)).samples());
  }

  /** What cannot be in time is refused without a single forward. */
  @Test
  void aHopelessDeadlineCostsNothing() {
    explain(picture(255), Budget.DEFAULT.withSamples(40));
    long before = engine.images();
    Budget hopeless = Budget.DEFAULT.withDeadline(Duration.ofNanos(1));
    DeadlineTooShort refusal =
        assertThrows(DeadlineTooShort.class, () -> explain(picture(255), hopeless));
    assertTrue(refusal.getMessage().contains("less than 1 ms"), refusal.getMessage());
    assertEquals(before, engine.images());
  }

  /** A picture that is asked about again is prepared once; another one is not mistaken for it. */
  @Test
  void theLastPictureIsRemembered() {
    PictureCache cache = new PictureCache();
    Letterbox letterbox = Letterbox.of(SIZE, SIZE, SIZE, SIZE);
    Image first = picture(1);
    PictureCache.Picture known = cache.of(first, letterbox);
    assertSame(known, cache.of(first, letterbox));
    Segmentation grid = Segmentation.grid(2, 2);
    assertSame(known.segments(grid), known.segments(Segmentation.grid(2, 2)));
    assertEquals(9, known.segments(Segmentation.grid(3, 3)).count());
    assertSame(
        known.scene(Baseline.GRAY, () -> picture(114)),
        known.scene(Baseline.GRAY, () -> picture(114)));
    // Noise depends on the seed, which is not part of what is kept.
    assertTrue(
        known.scene(Baseline.NOISE, () -> picture(3))
            != known.scene(Baseline.NOISE, () -> picture(3)));
    assertTrue(known != cache.of(picture(1), letterbox));
    assertTrue(cache.of(first, letterbox) != known, "only the last one is kept");
  }
}
