// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.ModelFree;
import dev.whybox.explain.Outcome;
import dev.whybox.explain.Outcome.Failed;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MethodListTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final Segmentation CELLS = Segmentation.grid(4, 4);
  private static final Shap SHAP = new Shap().withSegmentation(CELLS);
  private static final Lime LIME = new Lime().withSegmentation(CELLS);
  private static final Budget FEW = Budget.DEFAULT.withSamples(24);
  private static Whybox whybox;
  private static List<Target> targets;

  @BeforeAll
  static void open() {
    whybox = Whybox.bundled(Options.DEFAULT.withSize(320));
    targets = List.of(Target.of(whybox.detect(IMAGE).get(0)));
  }

  @AfterAll
  static void close() {
    whybox.close();
  }

  private static Map<Method, List<Explanation>> explain(List<Method> methods, Budget budget) {
    return found(whybox.explain(IMAGE, targets, methods, budget, method -> ProgressListener.NONE));
  }

  private static Map<Method, List<Explanation>> found(Map<Method, Outcome> outcomes) {
    Map<Method, List<Explanation>> found = new LinkedHashMap<>();
    outcomes.forEach((method, outcome) -> found.put(method, outcome.orThrow()));
    return found;
  }

  @Test
  void limeTakesItsScoresFromShapWhereverItStands() {
    List<Method> methods = List.of(LIME, new BoxPrior(), SHAP, new Saliency());
    List<Method> heard = new ArrayList<>();
    Map<Method, List<Explanation>> found =
        found(
            whybox.explain(
                IMAGE,
                targets,
                methods,
                FEW,
                method -> {
                  heard.add(method);
                  return ProgressListener.NONE;
                }));
    assertEquals(methods, List.copyOf(found.keySet()));
    assertEquals(List.of(new BoxPrior(), SHAP, new Saliency()), heard);
    Explanation lime = found.get(LIME).get(0);
    Explanation shap = found.get(SHAP).get(0);
    assertEquals(0, lime.forwards());
    assertEquals(24, lime.samples());
    assertEquals("predicted from the 24 samples of shap", lime.estimation().orElseThrow().reason());
    assertEquals(27, shap.forwards(), "a gradient, the image, its baseline");
    for (Method method : List.of(SHAP, new BoxPrior(), new Saliency())) {
      Explanation alone = whybox.explain(IMAGE, targets, method, FEW, ProgressListener.NONE).get(0);
      assertArrayEquals(alone.map(), found.get(method).get(0).map(), 1e-3f, method.name());
    }
  }

  @Test
  void limesOfSeveralWidthsShare() {
    Lime wide = new Lime(CELLS, 0.5, 1, LIME.baseline(), LIME.similarity());
    Map<Method, List<Explanation>> found = explain(List.of(SHAP, LIME, wide), FEW);
    assertEquals(0, found.get(LIME).get(0).forwards());
    assertEquals(0, found.get(wide).get(0).forwards());
  }

  @Test
  void whatDoesNotShareRunsOnItsOwn() {
    Shap kernel = SHAP.withEstimator(ShapleyEstimatorKind.KERNEL);
    Map<Method, List<Explanation>> found = explain(List.of(kernel, LIME), FEW);
    assertEquals(26, found.get(kernel).get(0).forwards());
    assertEquals(26, found.get(LIME).get(0).forwards());
    assertTrue(found.get(LIME).get(0).estimation().isEmpty());
  }

  @Test
  void aListThatMakesNoSenseIsRefused() {
    assertThrows(BadArgument.class, () -> explain(List.of(), FEW));
    BadArgument twice = assertThrows(BadArgument.class, () -> explain(List.of(LIME, LIME), FEW));
    assertTrue(twice.getMessage().contains("lime twice"), twice.getMessage());
    Budget goal = FEW.withError(0.1);
    assertThrows(BadArgument.class, () -> explain(List.of(LIME, new DRise()), goal));
  }

  /** A goal is SHAP's; methods that have none do not refuse it beside SHAP. */
  @Test
  void aGoalIsForShap() {
    Map<Method, List<Explanation>> found =
        explain(List.of(SHAP, new DRise()), Budget.DEFAULT.withSamples(64).withError(9));
    assertEquals(Stop.ACCURACY, found.get(SHAP).get(0).stop());
    assertEquals(64, found.get(new DRise()).get(0).samples());
  }

  @Test
  void aDeadlineIsForAllTogether() {
    Shap kernel = SHAP.withEstimator(ShapleyEstimatorKind.KERNEL);
    explain(List.of(kernel, new DRise()), FEW);
    long start = System.nanoTime();
    Budget budget = new Budget(100_000, Duration.ofSeconds(3), 0, 0, null);
    Map<Method, List<Explanation>> found = explain(List.of(kernel, LIME, new DRise()), budget);
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertTrue(seconds < 4.5, seconds + " s");
    for (List<Explanation> each : found.values()) {
      assertEquals(Stop.DEADLINE, each.get(0).stop());
      assertTrue(each.get(0).samples() > 0);
      assertTrue(each.get(0).elapsed().toMillis() < 2500, each.get(0).elapsed().toString());
    }
  }

  @Test
  void tooShortADeadlineNamesTheMethodOrFallsBackForAll() {
    Budget hurry = Budget.DEFAULT.withDeadline(Duration.ofNanos(1000));
    DeadlineTooShort short1 =
        assertThrows(DeadlineTooShort.class, () -> explain(List.of(SHAP, LIME), hurry));
    assertTrue(short1.getMessage().startsWith("shap, one of 2 methods"), short1.getMessage());
    Map<Method, List<Explanation>> found =
        explain(List.of(SHAP, LIME), hurry.withFallback(new BoxPrior()));
    assertEquals(SHAP, found.get(SHAP).get(0).instead().asked());
    assertEquals(LIME, found.get(LIME).get(0).instead().asked());
  }

  @Test
  void aFailureTakesNothingFromTheOthers() {
    LayerCam nowhere = new LayerCam().withLayers(List.of("model.99"));
    List<Method> methods = List.of(nowhere, new BoxPrior(), new Broken(), SHAP);
    Map<Method, Outcome> outcomes =
        whybox.explain(IMAGE, targets, methods, FEW, method -> ProgressListener.NONE);
    assertEquals(methods, List.copyOf(outcomes.keySet()));
    assertEquals(1, outcomes.get(new BoxPrior()).orThrow().size());
    assertEquals(24, outcomes.get(SHAP).orThrow().get(0).samples());
    BadArgument layer =
        assertThrows(BadArgument.class, () -> outcomes.get(nowhere).orThrow(), "its own error");
    assertTrue(layer.getMessage().contains("model.99"), layer.getMessage());
    Failed memory = assertInstanceOf(Failed.class, outcomes.get(new Broken()));
    assertTrue(memory.reason().getMessage().contains("not enough memory"), "" + memory);
  }

  /** What was to be predicted from the samples of a method that failed runs on its own. */
  @Test
  void whatWouldShareWithAFailedMethodRunsOnItsOwn() {
    Map<Method, Outcome> outcomes =
        whybox.explain(
            IMAGE,
            targets,
            List.of(SHAP, LIME),
            FEW,
            method ->
                progress -> {
                  if (method.equals(SHAP)) {
                    throw new EngineFailure("broken on purpose", null);
                  }
                });
    assertThrows(EngineFailure.class, () -> outcomes.get(SHAP).orThrow());
    assertEquals(26, outcomes.get(LIME).orThrow().get(0).forwards());
  }

  /** Needs more memory than there is. */
  private record Broken() implements ModelFree {
    @Override
    public int defaultSamples() {
      return 0;
    }

    @Override
    public MethodKind kind() {
      return BoxPrior.KIND;
    }

    @Override
    public Map<String, Object> parameters() {
      return Map.of("broken", true);
    }

    @Override
    public PixelValues guess(int width, int height, Target target) {
      throw new OutOfMemoryError("on purpose");
    }
  }

  @Test
  void afterACancelledRunNoOtherBegins() {
    Map<Method, List<Explanation>> found =
        found(
            whybox.explain(
                IMAGE,
                targets,
                List.of(SHAP, new DRise(), LIME),
                Budget.DEFAULT.withSamples(400),
                method -> ProgressListener.Progress::cancel));
    assertEquals(List.of(SHAP, LIME), List.copyOf(found.keySet()));
    assertEquals(Stop.CANCELLED, found.get(LIME).get(0).stop());
  }
}
