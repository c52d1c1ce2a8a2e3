// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Box;
import dev.whybox.render.Examples;
import dev.whybox.yolo.Target;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CaptionTest {
  private static Explanation shap(Stop stop) {
    return Examples.of(
        Examples.gray(9, 9, 0), Examples.box(1, 2, 3, 4), Examples.grid(1, 0, 1), stop);
  }

  @Test
  void methodLineHasAllThatIsNeededToMakeTheMapAgain() {
    assertEquals(
        "shap · grid:8x8 · blur · 1000 samples · seed 5 · onnxruntime cpu fp32",
        Caption.method(shap(Stop.SAMPLES)));
    Explanation rise =
        Examples.of(
            Examples.gray(9, 9, 0), Examples.box(1, 2, 3, 4), Examples.pixels(2, 0, 1, 2, 3));
    assertEquals(
        "d-rise · grid 16 · keep 0.5 · mean · 1000 samples · seed 5 · onnxruntime cpu fp32",
        Caption.method(rise));
  }

  @Test
  void partialResultsSaySo() {
    assertEquals(
        "shap · grid:8x8 · blur · 1000 samples (partial: deadline reached) · seed 5"
            + " · onnxruntime cpu fp32",
        Caption.method(shap(Stop.DEADLINE)));
    assertEquals(
        "shap · grid:8x8 · blur · 1000 samples (partial: cancelled) · seed 5"
            + " · onnxruntime cpu fp32",
        Caption.method(shap(Stop.CANCELLED)));
  }

  @Test
  void titlesAndScores() {
    assertEquals("cat 0.90", Caption.title(shap(Stop.SAMPLES)));
    Explanation asked =
        Examples.of(
            Examples.gray(9, 9, 0), Target.of(new Box(1, 1, 5, 5), 1), Examples.grid(1, 0, 1));
    assertEquals("dog? 0.91", Caption.title(asked));
    assertEquals("score 0.914 → 0.021 when all is absent", Caption.scores(asked));
    assertEquals("class 3", Caption.className("\u0378\u03793\u0378", 3), "no holes");
    assertEquals("why?", Caption.className("why?", 3));
    assertEquals("cafe 1", Caption.className("café 1", 3));
  }

  @Test
  void numbersAreShortInEveryLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertEquals("0", Caption.number(0));
      assertEquals("0.914", Caption.number(0.9138));
      assertEquals("-0.021", Caption.number(-0.02131));
      assertEquals("1.00", Caption.number(1));
      assertEquals("0.0012", Caption.number(0.001234));
      assertEquals("123", Caption.number(123.4));
      assertEquals("1.2e-04", Caption.number(0.000123));
      assertEquals("1.0e+04", Caption.number(10_000));
    } finally {
      Locale.setDefault(before);
    }
  }
}
