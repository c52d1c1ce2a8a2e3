// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.WholeImage;
import dev.whybox.report.Caption;
import dev.whybox.yolo.Detection;
import java.util.List;

/** An image with all its detections; each class has its own colour. */
public final class DetectionPicture {
  private DetectionPicture() {}

  /**
   * Draws the outlines; the highest score is drawn last, on top.
   *
   * @param image the image
   * @param detections the image's detections, the highest score first
   * @return a picture of the image's size
   */
  public static Image of(Image image, List<Detection> detections) {
    Canvas canvas = new Canvas(image.width(), image.height(), Rgb.BLACK);
    canvas.draw(image, 0, 0);
    BoxMark mark = new BoxMark(Overlay.textSize(image.width(), image.height()));
    Box whole = new Box(0, 0, image.width(), image.height());
    for (int i = detections.size() - 1; i >= 0; i--) {
      Detection detection = detections.get(i);
      mark.region(canvas, detection.region(), 1, 0, 0, false, Rgb.ofClass(detection.classId()));
    }
    for (int i = detections.size() - 1; i >= 0; i--) {
      Detection detection = detections.get(i);
      String name = Caption.className(detection.className(), detection.classId());
      String label = name + " " + Caption.score(detection.score());
      Box place = detection.region() instanceof WholeImage ? mark.stacked(i) : detection.box();
      mark.label(canvas, place, whole, label, Rgb.ofClass(detection.classId()));
    }
    return canvas.image();
  }
}
