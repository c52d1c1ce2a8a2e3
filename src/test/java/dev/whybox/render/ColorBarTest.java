// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Explanation;
import dev.whybox.explain.MapUnit;
import dev.whybox.image.Image;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColorBarTest {
  @Test
  void endsOfACutScaleSaySo() {
    Scale cut = new Scale(0, 0.033, false, false, 0.259, true);
    assertEquals("≥ 0.033, peak 0.259", ColorBar.of(cut, MapUnit.GRADIENT).high());
    assertEquals("0", ColorBar.of(cut, MapUnit.GRADIENT).low());
    Scale both = new Scale(-0.5, 0.5, true, false, 2, true);
    assertEquals("≤ -0.500 against", ColorBar.of(both, MapUnit.GRADIENT).low());
    assertEquals("for ≥ 0.500", ColorBar.of(both, MapUnit.GRADIENT).high());
    Scale whole = new Scale(0, 0.259, false, false, 0.259, false);
    assertEquals("0.259", ColorBar.of(whole, MapUnit.GRADIENT).high());
  }

  @Test
  void layersHaveOneUnitForAllTargets() {
    for (double peak : new double[] {0.644, 0.000021, 31}) {
      ColorBar bar = ColorBar.of(new Scale(0, peak, false, false, peak, false), MapUnit.ACTIVATION);
      assertEquals("0 %", bar.low());
      assertEquals("100 % of this map's peak", bar.high());
    }
  }

  @Test
  void everyTileOfASheetHasABar() {
    Image gray = Examples.gray(400, 300, 128);
    Explanation why = Examples.of(gray, Examples.box(50, 50, 200, 200), Examples.grid(1, -1, 0.5));
    Image sheet = ContactSheet.of(List.of(why, why));
    Tiling tiling = Tiling.of(3, 400, 300);
    int cold = ColorMap.diverging().at(0);
    int warm = ColorMap.diverging().at(1);
    for (int tile = 1; tile <= 2; tile++) {
      int left = tiling.left(tile);
      int right = left + tiling.pictureWidth() - 1;
      int bars = 0;
      for (int y = tiling.top(tile) + tiling.pictureHeight(); y < sheet.height(); y++) {
        boolean ends =
            Examples.pixel(sheet, left, y) == cold && Examples.pixel(sheet, right, y) == warm;
        bars += ends ? 1 : 0;
      }
      assertTrue(bars >= 6, "tile " + tile + ": " + bars + " rows of its bar");
    }
  }

  @Test
  void sheetsHaveFewEmptyCells() {
    for (int[] size : new int[][] {{810, 1080}, {1080, 810}, {640, 640}, {1920, 1080}}) {
      for (int tiles = 2; tiles <= 24; tiles++) {
        Tiling tiling = Tiling.of(tiles, size[0], size[1]);
        int cells = tiling.columns() * tiling.rows();
        assertTrue(6 * (cells - tiles) <= cells, tiles + " tiles in " + cells + " cells");
      }
    }
  }
}
