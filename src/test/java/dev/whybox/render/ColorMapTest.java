// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ColorMapTest {
  /** Every fourth row of Moreland's published table of 33 colours, CoolWarmFloat33.csv. */
  private static final int[][] PUBLISHED = {
    {59, 76, 192},
    {98, 130, 234},
    {141, 176, 254},
    {184, 208, 249},
    {221, 221, 221},
    {245, 196, 173},
    {244, 154, 123},
    {222, 96, 77},
    {180, 4, 38}
  };

  @Test
  void sequentialEndsAreInferno() {
    ColorMap map = ColorMap.sequential();
    near(new int[] {0, 0, 4}, map.at(0));
    near(new int[] {252, 255, 164}, map.at(1));
  }

  @Test
  void lightnessOfTheSequentialMapGrowsEvenly() {
    ColorMap map = ColorMap.sequential();
    for (int i = 0; i < 255; i++) {
      double rise = lightness(map.at((i + 1) / 255.0)) - lightness(map.at(i / 255.0));
      assertTrue(rise > 0, "at " + i + ": " + rise);
    }
    // CIELAB is no good measure near black; the map is uniform in CAM02-UCS.
    for (int i = 2; i < 32; i++) {
      double rise = lightness(map.at((i + 1) / 32.0)) - lightness(map.at(i / 32.0));
      assertEquals(3, rise, 1.6, "between " + i + "/32 and the next");
    }
  }

  @Test
  void divergingMapIsMorelands() {
    for (int i = 0; i < PUBLISHED.length; i++) {
      double t = i / (PUBLISHED.length - 1.0);
      near(PUBLISHED[i], CoolWarm.between(0x3B4CC0, 0xB40426, t));
    }
    assertEquals(0x3B4CC0, ColorMap.diverging().at(0));
    assertEquals(0xB40426, ColorMap.diverging().at(1));
  }

  @Test
  void middleOfTheDivergingMapIsNeutral() {
    double[] lab = CoolWarm.lab(ColorMap.diverging().at(0.5));
    assertTrue(Math.hypot(lab[1], lab[2]) < 2, "chroma " + Math.hypot(lab[1], lab[2]));
  }

  @Test
  void bothSidesOfTheDivergingMapChangeLightnessAlike() {
    ColorMap map = ColorMap.diverging();
    for (int i = 0; i < 127; i++) {
      double cool = lightness(map.at(i / 255.0));
      double warm = lightness(map.at(1 - i / 255.0));
      assertEquals(cool, warm, 3, "at " + i);
      assertTrue(lightness(map.at((i + 1) / 255.0)) > cool, "lighter towards the middle at " + i);
    }
  }

  @Test
  void outsideIsClampedAndNanIsLow() {
    ColorMap map = ColorMap.sequential();
    assertEquals(map.at(0), map.at(-3));
    assertEquals(map.at(1), map.at(3));
    assertEquals(map.at(0), map.at(Double.NaN));
  }

  @Test
  void labOfWhiteAndOfPureRedAreTheTextbooks() {
    assertEquals(100, CoolWarm.lab(0xFFFFFF)[0], 0.01);
    double[] red = CoolWarm.lab(0xFF0000);
    assertEquals(53.24, red[0], 0.05);
    assertEquals(80.09, red[1], 0.1);
    assertEquals(67.20, red[2], 0.1);
  }

  private static double lightness(int color) {
    return CoolWarm.lab(color)[0];
  }

  private static void near(int[] expected, int color) {
    String message = "expected %s, found %06X".formatted(Arrays.toString(expected), color);
    assertTrue(Math.abs(expected[0] - Rgb.red(color)) <= 1, message);
    assertTrue(Math.abs(expected[1] - Rgb.green(color)) <= 1, message);
    assertTrue(Math.abs(expected[2] - Rgb.blue(color)) <= 1, message);
  }
}
