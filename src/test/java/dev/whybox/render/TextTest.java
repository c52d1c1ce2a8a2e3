// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Image;
import dev.whybox.report.PlainText;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {
  private static final Text TEXT = new Text(16, false);

  @Test
  void accentsAreDroppedAndForeignSignsMarked() {
    assertEquals("Fussganger", PlainText.of("Fußgänger"));
    assertEquals("R2 3x4 -1 ...", PlainText.of("R² 3×4 −1 …"));
    assertEquals("???", PlainText.of("自転車"));
    assertEquals("?", PlainText.of("🐈"));
    assertEquals("a · b → c", PlainText.of("a · b → c"));
  }

  @Test
  void linesFitAndNothingIsLost() {
    String words = "shap · grid:8x8 · blur · 1000 samples · 4.3 s · seed 0 · onnxruntime cpu";
    for (int limit = 150; limit < 700; limit += 50) {
      List<String> lines = TEXT.wrap(words, limit);
      for (String line : lines) {
        assertTrue(TEXT.width(line) <= limit, line + " in " + limit);
      }
      assertEquals(words, String.join(" · ", lines));
    }
  }

  @Test
  void longWordsAreCut() {
    String cut = TEXT.cut("x".repeat(200), 100);
    assertTrue(cut.endsWith("x..."));
    assertTrue(TEXT.width(cut) <= 100 && TEXT.width(cut) > 80);
    assertEquals("short", TEXT.cut("short", 100));
  }

  @Test
  void everySignLeavesInkWithinItsLine() {
    for (String sign : new String[] {"g", "W", "·", "→", "?", "Ä", "1"}) {
      Canvas canvas = new Canvas(60, 40, Rgb.BLACK);
      TEXT.draw(canvas, sign, 10, 10, Rgb.WHITE);
      Image out = canvas.image();
      int ink = 0;
      for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 60; x++) {
          boolean lit = Rgb.red(Examples.pixel(out, x, y)) > 0;
          ink += lit ? 1 : 0;
          assertTrue(!lit || y >= 10 && y < 26 && x >= 10, sign + " at " + x + "," + y);
        }
      }
      assertTrue(ink > 3, sign + " leaves " + ink);
    }
  }

  @Test
  void letterBelowTheBaselineIsNotCutOff() {
    Canvas canvas = new Canvas(40, 16, Rgb.BLACK);
    TEXT.draw(canvas, "gpqy", 0, 0, Rgb.WHITE);
    Image out = canvas.image();
    for (int x = 0; x < 40; x++) {
      assertTrue(Rgb.red(Examples.pixel(out, x, 15)) < 128, "the last row is (nearly) free");
    }
  }

  @Test
  void drawingOutsideIsHarmless() {
    Canvas canvas = new Canvas(5, 5, Rgb.BLACK);
    TEXT.draw(canvas, "words", -20, -8, Rgb.WHITE);
    TEXT.draw(canvas, "", 0, 0, Rgb.WHITE);
    canvas.frame(-10, -10, 100, 100, 3, 0, Rgb.WHITE);
    canvas.draw(Examples.gray(3, 3, 9), -1, -1);
    canvas.draw(Examples.gray(3, 3, 9), 7, 3);
    assertEquals(Rgb.of(9, 9, 9), Examples.pixel(canvas.image(), 1, 1));
  }
}
