// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static dev.whybox.render.Examples.detection;
import static dev.whybox.render.Examples.pixel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.Detection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static final Box PICTURE = new Box(0, 0, 400, 300);

  /** Draws each label in a colour of its own, so that a label that is drawn over loses pixels. */
  private static List<Integer> areas(List<Box> boxes, List<String> words, BoxMark mark) {
    Canvas canvas = new Canvas(400, 300, Rgb.BLACK);
    Labels labels = new Labels(mark, PICTURE, boxes);
    for (int i = 0; i < boxes.size(); i++) {
      assertTrue(labels.add(boxes.get(i), words.get(i), words.get(i), 0xFFFF00 + i + 1));
    }
    labels.draw(canvas);
    Image out = canvas.image();
    List<Integer> areas = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      int area = 0;
      for (int at = 0; at < 400 * 300; at++) {
        // The ink is black, so only the ground of the label counts.
        area += pixel(out, at % 400, at / 400) == 0xFFFF00 + i + 1 ? 1 : 0;
      }
      areas.add(area);
    }
    return areas;
  }

  @Test
  void labelsOfOnePlaceDoNotCoverEachOther() {
    BoxMark mark = new BoxMark(16);
    List<Box> boxes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boxes.add(new Box(100 + 3 * i, 100, 160 + 3 * i, 150));
      words.add("person 0.2" + i);
    }
    List<Integer> together = areas(boxes, words, mark);
    for (int i = 0; i < boxes.size(); i++) {
      int alone = areas(boxes.subList(i, i + 1), words.subList(i, i + 1), mark).get(0);
      assertTrue(together.get(i) >= alone, words.get(i) + " has lost pixels: " + together);
    }
  }

  @Test
  void smallBoxStaysFreeAtEveryEdgeOfThePicture() {
    for (float[] at :
        new float[][] {{0, 0}, {380, 0}, {0, 280}, {380, 280}, {200, 0}, {200, 150}, {380, 150}}) {
      Box box = new Box(at[0], at[1], at[0] + 20, at[1] + 20);
      Canvas canvas = new Canvas(400, 300, Rgb.BLACK);
      Labels labels = new Labels(new BoxMark(16), PICTURE, List.of(box));
      assertTrue(labels.add(box, "person 0.29", "0", Rgb.WHITE));
      labels.draw(canvas);
      Image out = canvas.image();
      for (int i = 0; i < 17 * 17; i++) {
        int x = (int) at[0] + 2 + i % 17;
        int y = (int) at[1] + 2 + i / 17;
        assertEquals(Rgb.BLACK, pixel(out, x, y), at[0] + "," + at[1] + " hides " + x + "," + y);
      }
    }
  }

  @Test
  void labelWithoutAFreePlaceIsLeftOut() {
    Box small = new Box(0, 0, 60, 40);
    Labels labels = new Labels(new BoxMark(16), small, List.of());
    int drawn = 0;
    for (int i = 0; i < 50; i++) {
      drawn += labels.add(new Box(10, 10, 30, 30), "12", "12", Rgb.WHITE) ? 1 : 0;
    }
    assertTrue(drawn >= 1 && drawn <= 4, drawn + " labels of 27x20 in 60x40");
    assertFalse(labels.add(new Box(0, 0, 9, 9), "much too long", "13", Rgb.WHITE));
  }

  @Test
  void picturesOfDetectionsShowTheNumbersOfTheTable() {
    Image gray = Examples.gray(300, 200, 90);
    Set<Integer> looks = new HashSet<>();
    for (int before = 0; before < 3; before++) {
      List<Detection> all = new ArrayList<>();
      for (int i = 0; i < before; i++) {
        all.add(detection(250, 150, 290, 190, 1, 0.9f));
      }
      all.add(detection(20, 50, 200, 140, 0, 0.8f));
      Image out = DetectionPicture.of(gray, all);
      int hash = 1;
      for (int i = 0; i < 40 * 24; i++) {
        hash = 31 * hash + pixel(out, 20 + i % 40, 26 + i / 40);
      }
      looks.add(hash);
    }
    assertEquals(3, looks.size(), "the same detection as number 0, 1 and 2");
    assertNotEquals(
        Rgb.of(90, 90, 90),
        pixel(DetectionPicture.of(gray, List.of(detection(20, 50, 200, 140, 0, 0.8f))), 25, 45));
  }
}
