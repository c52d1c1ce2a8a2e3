// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.RunRecord;
import dev.whybox.image.Image;
import dev.whybox.report.Peak;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureOptionsTest {
  private static final Image GRAY = Examples.gray(400, 300, 128);

  @Test
  void largeImagesAreDrawnSmallerAndTheBoxWithThem() {
    Explanation why =
        Examples.of(GRAY, Examples.box(100, 120, 220, 240), Examples.grid(1, 0, 0, 0, 1));
    Image half = Overlay.of(why, new PictureOptions(0, 400 * 300 / 4));
    assertEquals(360, half.width(), "the footer's least width");
    for (int y = 64; y < 118; y += 6) {
      assertEquals(Rgb.WHITE, Examples.pixel(half, 50, y), "left edge of the box at " + y);
      assertEquals(Rgb.WHITE, Examples.pixel(half, 110, y), "right edge of the box at " + y);
    }
    PictureOptions small = new PictureOptions(0, 30_000);
    assertEquals(200, DetectionPicture.of(GRAY, List.of(), small).width());
    assertEquals(" · drawn at 200x150 of 400x300 px", small.words(GRAY, small.shown(GRAY)));
    assertEquals("", PictureOptions.PLAIN.words(GRAY, PictureOptions.PLAIN.shown(GRAY)));
    assertEquals(1, new PictureOptions(0, 1).shown(GRAY).width());
  }

  @Test
  void filterIsGaussianAndKeepsTheSum() {
    float[] map = new float[61 * 61];
    map[30 * 61 + 30] = 1;
    Smoothing.over(map, 61, 3);
    double sum = 0;
    for (float value : map) {
      sum += value;
    }
    assertEquals(1, sum, 1e-4);
    for (int d = 0; d <= 6; d++) {
      double expected = Math.exp(-d * d / 18.0) / (2 * Math.PI * 9);
      assertEquals(expected, map[30 * 61 + 30 + d], 2e-5, "at distance " + d);
    }
  }

  @Test
  void runTimeChangesNoPicture() {
    Explanation one =
        Examples.of(GRAY, Examples.box(50, 60, 90, 90), Examples.pixels(2, 0, 1, 2, 3));
    RunRecord run = one.run();
    Explanation slower =
        new Explanation(
            one.image(),
            one.model(),
            one.target(),
            one.method(),
            new RunRecord(
                run.engine(),
                run.seed(),
                run.samples(),
                run.forwards(),
                Duration.ofSeconds(77),
                run.stop()),
            one.scores(),
            one.attribution(),
            one.evidence(),
            null);
    assertArrayEquals(Png.encode(Overlay.of(one)), Png.encode(Overlay.of(slower)));
    assertArrayEquals(
        Png.encode(ContactSheet.of(List.of(one, one))),
        Png.encode(ContactSheet.of(List.of(slower, slower))));
  }

  @Test
  void reportedPeakIsTheGreatestValueOfTheMap() {
    for (int[] size : new int[][] {{7, 5}, {9, 9}, {100, 80}, {400, 300}}) {
      float[] values = new float[24 * 18];
      values[9 * 24 + 13] = 0.54f;
      values[9 * 24 + 14] = 0.2f;
      Explanation why =
          Examples.of(
              Examples.gray(size[0], size[1], 9),
              Examples.box(0, 0, 5, 5),
              Examples.pixels(24, values));
      float[] map = why.map();
      Peak peak = Peak.of(why);
      float greatest = 0;
      for (float value : map) {
        greatest = Math.max(greatest, value);
      }
      assertEquals(greatest, (float) peak.value(), 0f, size[0] + " wide");
      assertEquals(greatest, map[(int) peak.y() * size[0] + (int) peak.x()]);
      assertEquals(greatest, Scale.of(new float[] {0, 0.1f}, why, PictureOptions.PLAIN).high(), 0);
    }
  }

  @Test
  void refusesNumbersOutsideTheirRange() {
    for (double smooth : new double[] {-1, 1001, Double.NaN}) {
      String message =
          assertThrows(BadArgument.class, () -> new PictureOptions(smooth, 1)).getMessage();
      assertTrue(message.contains(String.valueOf(smooth)), message);
    }
    assertThrows(BadArgument.class, () -> new PictureOptions(0, 0));
  }
}
