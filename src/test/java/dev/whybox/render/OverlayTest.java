// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static dev.whybox.render.Examples.box;
import static dev.whybox.render.Examples.grid;
import static dev.whybox.render.Examples.pixel;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayTest {
  private static final Image GRAY = Examples.gray(400, 300, 128);

  @Test
  void footerLiesBelowThePictureAndThePictureKeepsItsSize() {
    Image out = Overlay.of(Examples.of(GRAY, box(60, 60, 200, 200), grid(1, 0, 0, 0, 1)));
    assertEquals(400, out.width());
    assertTrue(out.height() > 300 + 60, "height " + out.height());
    assertNotEquals(Footer.GROUND, pixel(out, 0, 299));
    assertEquals(Footer.GROUND, pixel(out, 0, 300));
  }

  @Test
  void whereTheMapIsZeroThePictureIsNearlyAsItWas() {
    Image out = Overlay.of(Examples.of(GRAY, box(300, 250, 350, 290), grid(1, 0, 0, 0, 1)));
    for (int x = 0; x < 300; x += 13) {
      assertEquals(0.82 * 128, Rgb.red(pixel(out, x, 20)), 1);
      assertEquals(pixel(out, 0, 20), pixel(out, x, 20));
    }
  }

  @Test
  void strongestCellsTakeTheMapsColourOnBothSides() {
    Image out = Overlay.of(Examples.of(GRAY, box(150, 100, 250, 200), grid(1, -2, 0, 1, 2)));
    assertEquals(128 * 0.28 + 59 * 0.72, Rgb.red(pixel(out, 20, 10)), 1);
    assertEquals(128 * 0.28 + 192 * 0.72, Rgb.blue(pixel(out, 20, 10)), 1);
    assertEquals(128 * 0.28 + 180 * 0.72, Rgb.red(pixel(out, 380, 10)), 1);
    assertEquals(128 * 0.28 + 38 * 0.72, Rgb.blue(pixel(out, 380, 10)), 1);
  }

  @Test
  void cellsOfAGridAreCrisp() {
    Image out = Overlay.of(Examples.of(GRAY, box(0, 200, 50, 250), grid(1, 0, 0, 1, 0)));
    assertEquals(pixel(out, 150, 5), pixel(out, 199, 5));
    assertEquals(pixel(out, 200, 5), pixel(out, 299, 5));
    assertNotEquals(pixel(out, 199, 5), pixel(out, 200, 5));
    assertEquals(pixel(out, 199, 5), pixel(out, 300, 5));
  }

  @Test
  void everyEdgeOfTheBoxHasItsColourAndItsInsideIsFree() {
    Image out = Overlay.of(Examples.of(GRAY, box(100, 120, 220, 240), grid(1, 0, 0, 0, 1)));
    for (int i = 100; i <= 220; i += 5) {
      assertEquals(Rgb.WHITE, pixel(out, i, 120));
      assertEquals(Rgb.WHITE, pixel(out, i, 240));
      assertEquals(Rgb.WHITE, pixel(out, 100, i + 20));
      assertEquals(Rgb.WHITE, pixel(out, 220, i + 20));
    }
    assertEquals(pixel(out, 5, 5), pixel(out, 160, 180));
  }

  @Test
  void boxThatTheUserAsksAboutIsDashed() {
    Target asked = Target.of(new Box(100, 120, 220, 240), 1);
    Image out = Overlay.of(Examples.of(GRAY, asked, grid(1, 0, 0, 0, 1)));
    long white = 0;
    for (int x = 100; x < 220; x++) {
      white += pixel(out, x, 240) == Rgb.WHITE ? 1 : 0;
    }
    assertTrue(white > 40 && white < 80, white + " of 120 are drawn");
  }

  @Test
  void labelStandsAboveTheBoxOrInsideAtTheUpperEdge() {
    Image low = Overlay.of(Examples.of(GRAY, box(100, 120, 220, 240), grid(1, 0, 0, 0, 1)));
    assertEquals(Rgb.WHITE, pixel(low, 103, 118 - 3));
    Image high = Overlay.of(Examples.of(GRAY, box(100, 2, 220, 240), grid(1, 0, 0, 0, 1)));
    assertEquals(Rgb.WHITE, pixel(high, 103, 12));
  }

  @Test
  void boxAtTheEdgeDoesNotRunIntoTheFooter() {
    Image out = Overlay.of(Examples.of(GRAY, box(0, 0, 400, 300), grid(1, 0, 0, 0, 1)));
    for (int x = 0; x < 400; x++) {
      assertEquals(Footer.GROUND, pixel(out, x, 300));
    }
  }

  @Test
  void narrowImagesGetAWiderFooterOnly() {
    Image out =
        Overlay.of(Examples.of(Examples.gray(90, 200, 128), box(10, 80, 50, 150), grid(1, 0, 1)));
    assertEquals(360, out.width());
    assertEquals(Footer.GROUND, pixel(out, 91, 100));
    assertNotEquals(Footer.GROUND, pixel(out, 89, 100));
  }

  @Test
  void partialResultsLookDifferent() {
    Image all = Overlay.of(Examples.of(GRAY, box(9, 9, 50, 50), grid(1, 0, 1), Stop.SAMPLES));
    Image part = Overlay.of(Examples.of(GRAY, box(9, 9, 50, 50), grid(1, 0, 1), Stop.DEADLINE));
    byte[] picture = Arrays.copyOf(all.rgb(), 400 * 300 * 3);
    assertArrayEquals(picture, Arrays.copyOf(part.rgb(), picture.length));
    assertNotEquals(Arrays.hashCode(all.rgb()), Arrays.hashCode(part.rgb()));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4000", "4000,1", "3,2", "6000,4000"})
  void everySizeWorks(int width, int height) {
    Image image = Examples.gray(width, height, 30);
    Explanation explanation =
        Examples.of(image, box(0, 0, width, height), Examples.pixels(2, 0, 1, 2, 3));
    Image out = Overlay.of(explanation);
    assertEquals(Math.max(width, 360), out.width());
    assertTrue(out.height() > height);
    Image sheet = ContactSheet.of(java.util.List.of(explanation));
    assertTrue(sheet.width() <= 2400 && sheet.height() <= 2400);
  }
}
