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

  /**
   * The Bhattacharyya coefficient ∫ √(p q) of the two normal distributions, summed over a lattice;
   * the similarity is 1 − √(1 − coefficient).
   */
  private static double overlap(RotatedBox a, RotatedBox b) {
    double sum = 0;
    double step = 0.1;
    for (double y = -20; y < 40; y += step) {
      for (double x = -20; x < 40; x += step) {
        sum += Math.sqrt(density(a, x, y) * density(b, x, y)) * step * step;
      }
    }
    return 1 - Math.sqrt(Math.max(0, 1 - sum));
  }

  private static double density(RotatedBox box, double x, double y) {
    double dx = x - box.x();
    double dy = y - box.y();
    double along = dx * Math.cos(box.angle()) + dy * Math.sin(box.angle());
    double across = -dx * Math.sin(box.angle()) + dy * Math.cos(box.angle());
    double w = box.width() / Math.sqrt(12);
    double h = box.height() / Math.sqrt(12);
    return Math.exp(-0.5 * (along * along / (w * w) + across * across / (h * h)))
        / (2 * Math.PI * w * h);
  }

  private RotatedBox turned() {
    return new RotatedBox(
        8 + 4 * random.nextFloat(),
        8 + 4 * random.nextFloat(),
        3 + 5 * random.nextFloat(),
        3 + 5 * random.nextFloat(),
        3 * random.nextFloat() - 0.7f);
  }

  @Test
  void rotatedBoxesAreComparedAsNormalDistributions() {
    for (int i = 0; i < 20; i++) {
      RotatedBox a = turned();
      RotatedBox b = turned();
      assertEquals(overlap(a, b), a.similarity(b), 1e-3, a + " " + b);
      assertEquals(a.similarity(b), b.similarity(a), 1e-6);
      assertEquals(1, a.similarity(a), 1e-6);
      RotatedBox quarter =
          new RotatedBox(a.x(), a.y(), a.height(), a.width(), a.angle() + (float) Math.PI / 2);
      assertEquals(1, a.similarity(quarter), 1e-3, "the same box, named otherwise");
    }
    RotatedBox box = new RotatedBox(5, 5, 4, 2, 0.3f);
    assertEquals(0, box.similarity(new RotatedBox(5, 5, 0, 2, 0.3f)));
    assertEquals(0, box.similarity(box.moved(500, 0)), 1e-6);
    assertEquals(1 - Math.sqrt(-Math.expm1(-0.375)), box(4, 0), 1e-6);
  }

  /** Two boxes of width 4 that lie 2 apart. */
  private static double box(float width, float angle) {
    RotatedBox one = new RotatedBox(9, 9, width, 3, angle);
    return one.similarity(one.moved(width / 2, 0));
  }

  @Test
  void aRotatedBoxKeepsItsShape() {
    RotatedBox box = new RotatedBox(10, 20, 8, 2, (float) Math.PI / 2);
    assertEquals(new Box(9, 16, 11, 24), rounded(box.bounds()));
    float[] corners = box.corners();
    float[] wanted = {11, 16, 11, 24, 9, 24, 9, 16};
    for (int i = 0; i < 8; i++) {
      assertEquals(wanted[i], corners[i], 1e-4);
    }
    assertEquals(box, box.clip(9.5f, 100), "it is not cut");
    assertEquals(0, box.clip(9, 100).bounds().area());
    for (int[] size : List.of(new int[] {90, 40}, new int[] {30, 100})) {
      Letterbox letterbox = Letterbox.of(size[0], size[1], 64, 32);
      for (int i = 0; i < 20; i++) {
        RotatedBox some = turned();
        RotatedBox back = some.toInput(letterbox).toImage(letterbox);
        assertEquals(1, some.similarity(back), 1e-4);
        assertEquals(some.angle(), back.angle());
        Box bounds = some.bounds().toInput(letterbox);
        Box found = some.toInput(letterbox).bounds();
        assertEquals(1, bounds.iou(found), 1e-4);
      }
    }
  }

  private static Box rounded(Box box) {
    return new Box(
        Math.round(box.x1()), Math.round(box.y1()), Math.round(box.x2()), Math.round(box.y2()));
  }

  private Mask mask(int columns, int rows, float cell, Box box) {
    float[] logits = new float[columns * rows];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextFloat() - 0.4f;
    }
    return new Mask(box, 2, 1, cell, columns, rows, logits);
  }

  /** Pixels are counted one by one; a cell is 4 × 4 of them. */
  @Test
  void masksShareTheirCells() {
    Box[] boxes = {new Box(4.3f, 3.3f, 19.3f, 29.7f), new Box(9, 2, 29, 20), new Box(0, 0, 40, 40)};
    for (Box first : boxes) {
      for (Box second : boxes) {
        Mask a = mask(7, 8, 4, first);
        Mask b = mask(7, 8, 4, second);
        int both = 0;
        int either = 0;
        for (int r = 0; r < 8; r++) {
          for (int c = 0; c < 7; c++) {
            double x = 2 + 4 * (c + 0.5);
            double y = 1 + 4 * (r + 0.5);
            boolean here = a.logits()[r * 7 + c] > 0 && covers(first, x, y);
            boolean there = b.logits()[r * 7 + c] > 0 && covers(second, x, y);
            both += here && there ? 1 : 0;
            either += here || there ? 1 : 0;
          }
        }
        assertEquals((double) both / either, a.similarity(b), 1e-6);
        assertEquals(a.similarity(b), a.moved(5, 7).similarity(b.moved(5, 7)), 1e-6);
        assertEquals(1, a.similarity(a));
        Letterbox letterbox = Letterbox.of(40, 40, 64, 32);
        assertEquals(a.similarity(b), a.toInput(letterbox).similarity(b.toInput(letterbox)), 1e-6);
      }
    }
    Mask small = mask(7, 8, 4, new Box(4.5f, 3.5f, 5, 4));
    assertEquals(1, small.similarity(small), "without a cell's middle it is as its box");
    assertEquals(boxes[0].iou(boxes[1]), mask(7, 8, 4, boxes[0]).similarity(boxes[1]));
  }

  /** A lattice that rises to the right is above 0 from x = 10 on. */
  @Test
  void aMaskIsSmooth() {
    float[] logits = new float[5 * 4];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (i % 5 + 0.5f) * 4 - 10;
    }
    Mask mask = new Mask(new Box(3, 2, 17, 13), 0, 0, 4, 5, 4, logits);
    for (int x = 0; x < 20; x++) {
      for (int y = 0; y < 16; y++) {
        boolean inside = x >= 10 && x < 17 && y >= 2 && y < 13;
        assertEquals(inside, mask.covers(x + 0.5f, y + 0.5f), x + "," + y);
      }
    }
    assertEquals(7 * 11, mask.area());
    assertEquals(1, mask.outline().size());
    float[] line = mask.outline().get(0);
    assertEquals(8, line.length, "a rectangle has four corners");
    for (int i = 0; i < 8; i += 2) {
      assertEquals(true, line[i] == 10.5f || line[i] == 16.5f, "x " + line[i]);
      assertEquals(true, line[i + 1] == 2.5f || line[i + 1] == 12.5f, "y " + line[i + 1]);
    }
    assertEquals(2 * 11, mask.clip(12, 99).area());
    assertEquals(mask, mask.moved(3, 4).moved(-3, -4));
  }
}
