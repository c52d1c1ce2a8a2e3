// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static dev.whybox.render.Examples.pixel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  @Test
  void firstTileShowsAllBoxesAndTheOthersOneEach() {
    List<Explanation> explanations = explanations(2);
    Image sheet = ContactSheet.of(explanations);
    Tiling tiling = Tiling.of(3, 400, 300);
    int cat = Rgb.ofClass(0);
    for (int target = 0; target < 2; target++) {
      assertEquals(cat, edge(sheet, tiling, 0, target), "overview, box " + target);
      assertEquals(Rgb.WHITE, edge(sheet, tiling, target + 1, target));
      assertNotEquals(Rgb.WHITE, edge(sheet, tiling, target + 1, 1 - target));
    }
  }

  @Test
  void boxesAtTheEdgeStayInTheirTiles() {
    Image image = Examples.gray(400, 300, 128);
    Image sheet =
        ContactSheet.of(
            List.of(Examples.of(image, Examples.box(0, 0, 400, 300), Examples.grid(1, 0, 1))));
    Tiling tiling = Tiling.of(2, 400, 300);
    for (int tile = 0; tile < 2; tile++) {
      int y = tiling.top(tile) + 50;
      assertEquals(Footer.GROUND, pixel(sheet, tiling.left(tile) - 1, y));
      assertEquals(Footer.GROUND, pixel(sheet, tiling.left(tile) + tiling.pictureWidth(), y));
    }
  }

  @Test
  void neverWiderThanPromisedAndNeverMoreThan24Tiles() {
    int last = 0;
    for (int count : new int[] {1, 2, 5, 11, 23, 24, 100}) {
      Image sheet = ContactSheet.of(explanations(count));
      assertTrue(sheet.width() <= 2400, count + " targets: " + sheet.width());
      last = count == 23 ? sheet.height() : last;
      if (count > 23) {
        assertTrue(sheet.height() <= last + 2 * 30, "no more rows for " + count);
      }
    }
  }

  @Test
  void saysHowManyAreLeftOut() {
    byte[] all = ContactSheet.of(explanations(23)).rgb();
    Image more = ContactSheet.of(explanations(25));
    Tiling tiling = Tiling.of(24, 400, 300);
    assertEquals(tiling.width(), more.width());
    int rows = tiling.height() * tiling.width() * 3;
    assertEquals(
        Arrays.hashCode(Arrays.copyOf(all, rows)),
        Arrays.hashCode(Arrays.copyOf(more.rgb(), rows)));
    assertNotEquals(Arrays.hashCode(all), Arrays.hashCode(more.rgb()));
  }

  @Test
  void tilesNeitherOverlapNorLeaveTheSheet() {
    for (int[] size : new int[][] {{400, 300}, {1, 4000}, {4000, 1}, {1, 1}, {6000, 4000}}) {
      for (int tiles = 1; tiles <= 24; tiles++) {
        Tiling tiling = Tiling.of(tiles, size[0], size[1]);
        String where = tiles + " tiles of " + size[0] + "x" + size[1] + ": " + tiling;
        assertTrue(tiling.columns() * tiling.rows() >= tiles, where);
        assertTrue(tiling.columns() * (tiling.rows() - 1) < tiles, where);
        assertTrue(tiling.pictureWidth() <= tiling.cellWidth(), where);
        assertTrue(tiling.pictureHeight() <= tiling.cellHeight(), where);
        assertTrue(tiling.left(tiles - 1) + tiling.pictureWidth() < tiling.width(), where);
        assertTrue(tiling.top(tiles - 1) + tiling.pictureHeight() < tiling.height(), where);
        assertTrue(tiling.width() <= 2400, where);
      }
    }
  }

  @Test
  void refusesNothingAndUnevenLists() {
    assertThrows(BadArgument.class, () -> ContactSheet.of(List.of()));
    assertThrows(BadArgument.class, () -> ContactSheet.of(explanations(2), List.of(1)));
  }

  private static List<Explanation> explanations(int count) {
    Image image = Examples.gray(400, 300, 128);
    List<Explanation> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float x = 10 + i % 3 * 130;
      list.add(Examples.of(image, Examples.box(x, 40, x + 110, 250), Examples.grid(1, 0, 1)));
    }
    return list;
  }

  /** The pixel in the middle of the left edge of a target's box in a tile. */
  private static int edge(Image sheet, Tiling tiling, int tile, int target) {
    int x = tiling.left(tile) + (int) Math.round((10 + target * 130) * tiling.scale());
    return pixel(sheet, x, tiling.top(tile) + tiling.pictureHeight() / 2);
  }
}
