// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.RunRecord;
import dev.whybox.explain.Scores;
import dev.whybox.report.Caption;
import dev.whybox.report.Caveats;
import dev.whybox.report.Report;
import dev.whybox.whitebox.EigenCam;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.WhiteBox;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Pictures and captions of methods that look inside the model. */
class WhiteBoxPictureTest {
  private static final double EMPTY = 0.25; // its logit is −ln 3
  private static final double FALL = Math.log(3) * 2;

  private static Explanation of(WhiteBox method, double empty, double gap) {
    float[] values = new float[1000];
    values[7] = 50;
    for (int i = 10; i < values.length; i++) {
      values[i] = i % 3;
    }
    boolean signed = method instanceof IntegratedGradients;
    return new Explanation(
        Examples.gray(50, 20, 90),
        Examples.MODEL,
        Examples.box(1, 2, 30, 19),
        method,
        new RunRecord(Examples.ENGINE, 0, 1, 1, Duration.ofMillis(120), Stop.SAMPLES),
        new Scores(OptionalDouble.of(0.75), known(empty)),
        new PixelValues(50, 20, values, Double.NaN, signed),
        new Differentiated(known(gap), 1),
        null);
  }

  private static OptionalDouble known(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static Explanation of(WhiteBox method) {
    return of(method, Double.NaN, Double.NaN);
  }

  @Test
  void methodsWithoutABaselineNameNone() {
    assertEquals("score 0.750", Caption.scores(of(new Saliency())));
    assertEquals(
        "score 0.750 → 0.250 when all is absent",
        Caption.scores(of(new IntegratedGradients(), EMPTY, 0)));
  }

  @Test
  void captionsNameLayersAndGaps() {
    String layers = Caption.method(of(new GradCam(List.of("model.15", "model.18"))));
    assertTrue(layers.startsWith("grad-cam · layers model.15,model.18 · 1 pass · "), layers);
    String gap = Caption.method(of(new IntegratedGradients(), EMPTY, 0.02));
    assertTrue(gap.contains(" · gap 0.020 · "), gap);
    assertFalse(Caption.method(of(new Saliency())).contains("gap"));
  }

  @Test
  void weaknessesAreSaid() {
    assertEquals(List.of(), Caveats.of(of(new Saliency())));
    assertTrue(Caveats.of(of(new GuidedBackprop())).get(0).contains("Adebayo"));
    assertTrue(Caveats.of(of(new EigenCam())).get(0).contains("whatever the target"));
    assertEquals(List.of(), Caveats.of(of(new IntegratedGradients(), EMPTY, 0.01 * FALL)));
    assertTrue(
        Caveats.of(of(new IntegratedGradients(), EMPTY, 0.02 * FALL)).get(0).contains("steps"));
  }

  @Test
  void aFewGreatValuesDoNotDarkenTheRest() {
    Explanation pixels = of(new Saliency());
    assertEquals(2, Scale.of(pixels.map(), pixels, PictureOptions.PLAIN).high());
    assertEquals(1, Scale.of(pixels.map(), pixels, PictureOptions.PLAIN).position(50));
    Explanation signed = of(new IntegratedGradients(), EMPTY, 0);
    assertEquals(-2, Scale.of(signed.map(), signed, PictureOptions.PLAIN).low());
    Explanation layer = of(new GradCam());
    assertEquals(50, Scale.of(layer.map(), layer, PictureOptions.PLAIN).high());
    assertTrue(Overlay.of(pixels).height() > 20);
  }

  @Test
  void reportsLeaveOutFieldsThatDoNotApply() {
    Explanation pixels = of(new Saliency());
    Report.Entry entry = new Report.Entry(0, pixels, null, null, null);
    String json =
        new Report(pixels.image(), pixels.model(), pixels.engine(), List.of(), List.of(entry))
            .json();
    assertTrue(
        json.contains("\"baselineScore\" : null") || json.contains("\"baselineScore\": null"));
    assertFalse(json.contains("completenessGap"), json);
    assertFalse(json.contains("standardError"), json);
  }
}
