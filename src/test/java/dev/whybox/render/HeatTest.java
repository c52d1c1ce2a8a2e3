// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static dev.whybox.render.Examples.pixel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Image;
import org.junit.jupiter.api.Test;

class HeatTest {
  @Test
  void strongerValuesHideMoreOfThePicture() {
    float[] map = new float[101];
    for (int i = 0; i <= 100; i++) {
      map[i] = i / 100f;
    }
    Scale scale = Scale.of(map, false);
    Image dark = Heat.over(Examples.gray(101, 1, 0), map, scale);
    Image light = Heat.over(Examples.gray(101, 1, 255), map, scale);
    double last = 256;
    for (int x = 0; x <= 100; x++) {
      double contrast = Rgb.green(pixel(light, x, 0)) - Rgb.green(pixel(dark, x, 0));
      double dimming = 0.82 + 0.18 * map[x];
      double seen = contrast / dimming;
      assertTrue(seen <= last + 1.5, "at " + x + ": " + seen + " after " + last);
      assertTrue(seen >= 255 * 0.28 - 2, "still to be seen through at " + x + ": " + seen);
      last = seen;
    }
    assertEquals(255 * 0.28, last, 2);
  }

  @Test
  void flatAndUnknownValuesLeaveThePicture() {
    float[] map = {Float.NaN, Float.NaN};
    Image out = Heat.over(Examples.gray(2, 1, 200), map, Scale.of(map, true));
    assertEquals(Rgb.of(164, 164, 164), pixel(out, 0, 0));
  }

  @Test
  void lowPartsAreGrayerButKeepTheirHue() {
    byte[] red = {(byte) 200, 0, 0, (byte) 200, 0, 0};
    float[] map = {0, 1};
    Image out = Heat.over(Image.ofRgb(2, 1, red), map, Scale.of(map, false));
    int low = pixel(out, 0, 0);
    double gray = 0.299 * 200;
    assertEquals(0.82 * (gray + 0.65 * (200 - gray)), Rgb.red(low), 1);
    assertEquals(0.82 * (gray - 0.65 * gray), Rgb.green(low), 1);
  }
}
