// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for regions. The oracle counts the cells of a fine lattice. */
class RegionTest {
  /** Corners lie on quarters of a pixel, so that cells are inside or outside as a whole. */
  private static final int QUARTERS = 4;

  private final Random random = new Random(4);

  private Box box(int side) {
    int x = random.nextInt(side * QUARTERS);
    int y = random.nextInt(side * QUARTERS);
    int width = 1 + random.nextInt(side * QUARTERS);
    int height = 1 + random.nextInt(side * QUARTERS);
    float q = QUARTERS;
    return new Box(x / q, y / q, (x + width) / q, (y + height) / q);
  }

  private static boolean covers(Box box, double x, double y) {
    return box.x1() < x && x < box.x2() && box.y1() < y && y < box.y2();
  }

  private static double counted(Box a, Box b, int side) {
    int both = 0;
    int either = 0;
    for (int i = 0; i < 2 * side * QUARTERS; i++) {
      for (int k = 0; k < 2 * side * QUARTERS; k++) {
        double x = (k + 0.5) / QUARTERS;
        double y = (i + 0.5) / QUARTERS;
        both += covers(a, x, y) && covers(b, x, y) ? 1 : 0;
        either += covers(a, x, y) || covers(b, x, y) ? 1 : 0;
      }
    }
    return (double) both / either;
  }

  @Test
  void theSimilarityIsTheSharedPartOfTheArea() {
    int apart = 0;
    for (int i = 0; i < 200; i++) {
      Box a = box(6);
      Box b = box(6);
      double wanted = counted(a, b, 6);
      assertEquals(wanted, a.similarity(b), 1e-6, a + " " + b);
      assertEquals(a.similarity(b), b.similarity(a));
      assertEquals(1, a.similarity(a));
      apart += wanted == 0 ? 1 : 0;
    }
    assertEquals(true, apart > 5 && apart < 195, apart + " pairs of 200 share nothing");
  }

  @Test
  void aBoxIsItsBounds() {
    Region box = new Box(1, 2, 3, 5);
    assertEquals(box, box.bounds());
    assertEquals(new Box(3, 1, 5, 4), box.moved(2, -1));
    assertEquals(new Box(1, 2, 2, 4), box.clip(2, 4));
    assertEquals(0, box.clip(1, 9).bounds().area());
  }

  /** Wide, tall, and smaller than the input. */
  @Test
  void aRegionReturnsFromTheInputToTheImage() {
    for (int[] size : List.of(new int[] {90, 40}, new int[] {30, 100}, new int[] {7, 5})) {
      Letterbox letterbox = Letterbox.of(size[0], size[1], 64, 32);
      for (int i = 0; i < 50; i++) {
        Region region = box(100).clip(size[0], size[1]);
        Box wanted = region.bounds();
        Box found = region.toInput(letterbox).toImage(letterbox).bounds();
        assertEquals(wanted.x1(), found.x1(), 1e-4);
        assertEquals(wanted.y1(), found.y1(), 1e-4);
        assertEquals(wanted.x2(), found.x2(), 1e-4);
        assertEquals(wanted.y2(), found.y2(), 1e-4);
      }
    }
  }

  @Test
  void paddingIsNoPartOfTheImage() {
    Letterbox letterbox = Letterbox.of(100, 50, 64, 64);
    Region all = new Box(0, 0, 64, 64);
    assertEquals(new Box(0, 0, 100, 50), all.toImage(letterbox));
    assertEquals(new Box(0, 16, 64, 48), new Box(0, 0, 100, 50).toInput(letterbox));
  }
}
