// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import static dev.whybox.render.Examples.detection;
import static dev.whybox.render.Examples.pixel;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.image.Image;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionPictureTest {
  private static final Image GRAY = Examples.gray(300, 200, 90);

  @Test
  void everyBoxHasTheColourOfItsClass() {
    Image out =
        DetectionPicture.of(
            GRAY,
            List.of(detection(20, 50, 100, 150, 0, 0.9f), detection(150, 60, 280, 190, 1, 0.8f)));
    assertEquals(300, out.width());
    assertEquals(200, out.height());
    assertEquals(Rgb.ofClass(0), pixel(out, 20, 100));
    assertEquals(Rgb.ofClass(1), pixel(out, 280, 100));
    assertEquals(Rgb.of(90, 90, 90), pixel(out, 60, 100));
  }

  @Test
  void surestIsOnTop() {
    Image out =
        DetectionPicture.of(
            GRAY,
            List.of(detection(20, 60, 100, 150, 0, 0.9f), detection(20, 100, 100, 150, 1, 0.8f)));
    assertEquals(Rgb.ofClass(0), pixel(out, 20, 120));
  }

  @Test
  void withoutDetectionsItIsTheImage() {
    assertArrayEquals(GRAY.rgb(), DetectionPicture.of(GRAY, List.of()).rgb());
  }

  @Test
  void coloursOfNeighbouringClassesAreFarApart() {
    for (int i = 0; i < 80; i++) {
      double[] a = CoolWarm.lab(Rgb.ofClass(i));
      double[] b = CoolWarm.lab(Rgb.ofClass(i + 1));
      double distance = Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
      assertTrue(distance > 30, "classes " + i + " and " + (i + 1) + ": " + distance);
    }
  }
}
