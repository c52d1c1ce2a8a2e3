// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whybox.image.Image;
import dev.whybox.report.FallbackFont;
import dev.whybox.report.PlainText;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {
  private static final Text TEXT = new Text(16, false);

  @Test
  void accentsAreDroppedAndForeignSignsMarked() {
    assertEquals("Fussganger", PlainText.of("Fußgänger"));
    assertEquals("R2 3x4 -1 ...", PlainText.of("R² 3×4 −1 …"));
    assertEquals("??a", PlainText.of("\u0378\u0379a"), "letters that no font has");
    assertTrue(PlainText.loses("\u0378a") && !PlainText.loses("why?"));
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
  void lettersOfOtherScriptsComeFromTheSystemsFonts() {
    assumeTrue(FallbackFont.has('Ж'), "needs a font with Cyrillic letters");
    assertEquals("ЖД 3", PlainText.of("ЖД 3"));
    int width = TEXT.width("ЖД 3");
    assertTrue(width > TEXT.width("ЖД") && TEXT.width("ЖД") > TEXT.width("Ж"));
    int[] ink = new int[3];
    String[] words = {"ЖД 3", "ЖД", "?? 3"};
    for (int i = 0; i < 3; i++) {
      Canvas canvas = new Canvas(80, 16, Rgb.BLACK);
      TEXT.draw(canvas, words[i], 0, 0, Rgb.WHITE);
      Image out = canvas.image();
      for (int at = 0; at < 80 * 16; at++) {
        ink[i] += Rgb.red(Examples.pixel(out, at % 80, at / 80));
      }
      for (int y = 0; y < 16; y++) {
        assertEquals(Rgb.BLACK, Examples.pixel(out, Math.min(width + 1, 79), y), words[i]);
      }
    }
    assertTrue(ink[0] > ink[1] && ink[1] > 0, "the 3 is drawn behind the letters");
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
