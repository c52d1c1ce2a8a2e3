// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.engine.FakeEngine;
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
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LIME from the scores of SHAP's run, on a detector that is a function of a picture's cells. */
class SharedScoresTest {
  private static final int SIZE = 32;
  private static final int ANCHORS = 16 + 4 + 1;
  private static final List<Target> TARGETS =
      List.of(Target.of(new Box(0, 0, SIZE, SIZE), 0), Target.of(new Box(0, 0, SIZE, SIZE), 1));

  /** Class 0 is a logistic function of the 4 × 4 cells, class 1 a product of three of them. */
  private static FakeEngine engine() {
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
          double sum = -4;
          for (int k = 0; k < 16; k++) {
            sum += 0.08 * k * cells[k];
          }
          output[0] = SIZE / 2f;
          output[ANCHORS] = SIZE / 2f;
          output[2 * ANCHORS] = SIZE;
          output[3 * ANCHORS] = SIZE;
          output[4 * ANCHORS] = (float) (1 / (1 + Math.exp(-sum)));
          output[5 * ANCHORS] = (float) (cells[3] * cells[5] * cells[10]);
        });
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

  private static Lime lime() {
    return new Lime().withSegmentation(Segmentation.grid(4, 4)).withBaseline(Baseline.GRAY);
  }

  private static Explainer explainer() {
    return new Explainer(new YoloModel(engine(), "fake", "", 0), 2, 0);
  }

  private static List<List<Explanation>> shared(Shap shap, Lime lime, Budget budget) {
    return explainer()
        .explain(
            white(),
            TARGETS,
            shap,
            List.of(lime),
            budget,
            ProgressListener.NONE,
            () -> false,
            List::of);
  }

  private static SegmentValues found(Explanation explanation) {
    return (SegmentValues) explanation.attribution();
  }

  /**
   * With the noise of either added: LIME's own samples are many. What is not known of the scores
   * counts as misfit, so R² is rather too low: of the product, which the process is unsure of.
   */
  private static void assertSame(Explanation expected, Explanation found) {
    double[] own = found(expected).values();
    double[] values = found(found).values();
    double most = Arrays.stream(own).map(Math::abs).max().orElseThrow();
    for (int k = 0; k < own.length; k++) {
      double error =
          Math.hypot(found(expected).standardErrors()[k], found(found).standardErrors()[k]);
      assertEquals(own[k], values[k], 4 * error + 0.01 * most, "segment " + k);
    }
    assertTrue(
        found.fit().getAsDouble() < expected.fit().getAsDouble() + 0.05
            && found.fit().getAsDouble() > expected.fit().getAsDouble() - 0.2,
        "R2 " + found.fit().getAsDouble() + ", of many samples " + expected.fit().getAsDouble());
  }

  @ParameterizedTest
  @CsvSource({"AUTO, 200", "GAUSSIAN, 200"})
  void limeIsWhatManySamplesOfItsOwnSay(ShapleyEstimatorKind approximation, int samples) {
    Budget budget = Budget.DEFAULT.withSamples(samples);
    List<List<Explanation>> both = shared(shap(approximation), lime(), budget);
    List<Explanation> own =
        explainer()
            .explain(
                white(),
                TARGETS,
                lime(),
                Budget.DEFAULT.withSamples(5000),
                ProgressListener.NONE,
                () -> false);
    assertEquals(2, both.size());
    for (int t = 0; t < 2; t++) {
      Explanation why = both.get(1).get(t);
      assertSame(own.get(t), why);
      assertEquals(0, why.forwards());
      assertEquals(samples, why.samples());
      assertEquals(Stop.SAMPLES, why.stop());
      assertEquals(own.get(t).fullScore(), why.fullScore(), 1e-6);
      assertEquals("gaussian", why.estimation().orElseThrow().estimator());
      assertEquals(
          "predicted from the 200 samples of shap", why.estimation().orElseThrow().reason());
      assertFalse(why.estimation().orElseThrow().capped());
    }
  }

  /** SHAP's own result is the one that it has alone. */
  @Test
  void shapDoesNotChange() {
    Budget budget = Budget.DEFAULT.withSamples(100);
    Shap shap = shap(ShapleyEstimatorKind.AUTO);
    List<Explanation> together = shared(shap, lime(), budget).get(0);
    List<Explanation> alone =
        explainer().explain(white(), TARGETS, shap, budget, ProgressListener.NONE, () -> false);
    for (int t = 0; t < 2; t++) {
      double[] expected = found(alone.get(t)).values();
      double[] values = found(together.get(t)).values();
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], values[k], 1e-9);
      }
      assertEquals(alone.get(t).forwards(), together.get(t).forwards());
    }
  }

  @Test
  void ofAllCoalitionsNothingIsPredicted() {
    Shap shap = shap(ShapleyEstimatorKind.AUTO).withSegmentation(Segmentation.grid(2, 4));
    Lime lime = lime().withSegmentation(Segmentation.grid(2, 4));
    Explanation why = shared(shap, lime, Budget.DEFAULT).get(1).get(0);
    assertEquals("exact", why.estimation().orElseThrow().estimator());
    assertEquals(
        "from the 254 samples of shap, which are all coalitions",
        why.estimation().orElseThrow().reason());
    assertEquals(0, found(why).relativeError());
    Explanation own =
        explainer()
            .explain(
                white(),
                TARGETS,
                lime,
                Budget.DEFAULT.withSamples(5000),
                ProgressListener.NONE,
                () -> false)
            .get(0);
    assertSame(own, why);
  }

  @Test
  void aDeadlineKeepsTheProcess() {
    Budget budget = Budget.DEFAULT.withDeadline(Duration.ofSeconds(1));
    List<List<Explanation>> both = shared(shap(ShapleyEstimatorKind.AUTO), lime(), budget);
    assertTrue(both.get(0).get(0).estimation().orElseThrow().estimator().startsWith("gaussian"));
    assertEquals(0, both.get(1).get(0).forwards());
  }

  /** More samples than the process takes: they correct SHAP, LIME has those of the process. */
  @Test
  void whereManySamplesAreAskedForLimeHasTheFirst() {
    Budget budget = Budget.DEFAULT.withSamples(1000);
    List<List<Explanation>> both = shared(shap(ShapleyEstimatorKind.AUTO), lime(), budget);
    assertEquals(Estimation.CORRECTED, both.get(0).get(0).estimation().orElseThrow().estimator());
    assertEquals(1000, both.get(0).get(0).samples());
    Explanation lime = both.get(1).get(0);
    assertEquals("gaussian", lime.estimation().orElseThrow().estimator());
    assertEquals(
        "predicted from the 512 samples of shap", lime.estimation().orElseThrow().reason());
    assertEquals(512, lime.samples());
  }

  @Test
  void onlyTheSameGameIsShared() {
    Lime lime = lime();
    assertTrue(shap(ShapleyEstimatorKind.AUTO).predicts(lime));
    assertTrue(shap(ShapleyEstimatorKind.GAUSSIAN).predicts(lime));
    for (ShapleyEstimatorKind other : ShapleyEstimatorKind.values()) {
      if (other != ShapleyEstimatorKind.AUTO && other != ShapleyEstimatorKind.GAUSSIAN) {
        assertFalse(shap(other).predicts(lime), other.label());
      }
    }
    Shap shap = shap(ShapleyEstimatorKind.AUTO);
    assertFalse(shap.predicts(lime.withBaseline(Baseline.BLUR)));
    assertFalse(shap.predicts(lime.withSimilarity(TargetSimilarity.COSINE)));
    assertFalse(shap.predicts(lime.withSegmentation(Segmentation.grid(4, 5))));
    assertFalse(new DRise().predicts(lime));
  }
}
