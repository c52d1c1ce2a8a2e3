// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.image.Box;
import org.junit.jupiter.api.Test;

class BoxPriorTest {
  @Test
  void isAGaussianOfAQuarterOfTheBoxsSides() {
    // Centre (20.5, 10.5), deviations 4 and 2: the centre is the middle of pixel (20, 10).
    PixelValues map = BoxPrior.map(40, 30, new Box(12.5f, 6.5f, 28.5f, 14.5f));
    assertEquals(1, at(map, 20, 10), 1e-6);
    assertEquals(Math.exp(-0.5), at(map, 24, 10), 1e-6);
    assertEquals(Math.exp(-0.5), at(map, 16, 10), 1e-6);
    assertEquals(Math.exp(-0.5), at(map, 20, 12), 1e-6);
    assertEquals(Math.exp(-2 - 4.5), at(map, 28, 16), 1e-6);
    assertTrue(Double.isNaN(map.standardError()));
  }

  @Test
  void aBoxWithoutWidthHasAPeakToo() {
    PixelValues map = BoxPrior.map(3, 3, new Box(1, 1, 1, 1));
    assertTrue(at(map, 1, 1) > 0.1f, "" + at(map, 1, 1));
    assertTrue(at(map, 1, 1) >= at(map, 2, 2));
  }

  private static float at(PixelValues map, int x, int y) {
    return map.values()[y * map.width() + x];
  }
}
