// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Image;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperpixelsTest {

  /** Smooth waves and some noise. */
  private static Image textured(int width, int height) {
    Random random = new Random(11);
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      double wave = 60 * Math.sin(x / 17.0 + i % 3) + 50 * Math.cos(y / 23.0 - x / 40.0);
      rgb[i] = (byte) (128 + wave + random.nextInt(9));
    }
    return Image.ofRgb(width, height, rgb);
  }

  private static int[] labels(Segments segments) {
    int[] labels = new int[segments.width() * segments.height()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = segments.label(i % segments.width(), i / segments.width());
    }
    return labels;
  }

  /** How many connected pieces of one label there are; neighbours share a side. */
  private static int pieces(int[] labels, int width) {
    boolean[] seen = new boolean[labels.length];
    ArrayDeque<Integer> open = new ArrayDeque<>();
    int pieces = 0;
    for (int start = 0; start < labels.length; start++) {
      if (seen[start]) {
        continue;
      }
      pieces++;
      seen[start] = true;
      open.add(start);
      while (!open.isEmpty()) {
        int at = open.remove();
        int column = at % width;
        int[] neighbours = {
          column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width
        };
        for (int next : neighbours) {
          boolean inside = next >= 0 && next < labels.length;
          if (inside && !seen[next] && labels[next] == labels[at]) {
            seen[next] = true;
            open.add(next);
          }
        }
      }
    }
    return pieces;
  }

  @ParameterizedTest
  @CsvSource({
    "160,120,50",
    "160,120,1",
    "121,97,200",
    "33,7,3",
    "5,5,1",
    "6,60,10",
    "16,16,1024",
    "1,1,100",
    "1,4000,100",
    "4000,1,100",
    "3,2,4",
    "4,9,2"
  })
  void everyPixelIsInOneConnectedSegment(int width, int height, int count) {
    Segments segments = Segmentation.slic(count).of(textured(width, height));
    int[] labels = labels(segments);
    int seen = 0;
    for (int label : labels) {
      assertTrue(label >= 0 && label <= seen, "numbers appear in order");
      seen = Math.max(seen, label + 1);
    }
    assertEquals(segments.count(), seen);
    assertEquals(seen, pieces(labels, width));
    assertEquals(0, segments.rows() + segments.columns());
  }

  @ParameterizedTest
  @CsvSource({"20", "100", "300"})
  void thereAreAboutAsManyAsWished(int count) {
    Segments segments = Segmentation.slic(count).of(textured(200, 150));
    assertEquals(count, segments.count(), 0.2 * count);
  }

  @Test
  void segmentsFollowEdges() {
    byte[] rgb = new byte[3 * 100 * 100];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % 100 < 37 ? 20 : 230);
    }
    Segments segments = Segmentation.slic(30).of(Image.ofRgb(100, 100, rgb));
    for (int y = 0; y < 100; y++) {
      assertTrue(segments.label(36, y) != segments.label(37, y), "row " + y);
    }
  }

  @Test
  void twoRunsAreEqual() {
    Image image = textured(150, 150);
    int[] first = labels(Segmentation.slic(64).of(image));
    assertArrayEquals(first, labels(Segmentation.slic(64).of(image)));
  }

  @Test
  void aStripIsCutAcross() {
    assertEquals(100, Segmentation.slic(100).of(textured(1, 4000)).count());
    assertEquals(8, Segmentation.slic(100).of(textured(40, 1)).count(), "sides of 5 pixels");
  }
}
