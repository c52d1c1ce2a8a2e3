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
   * Draws the outlines; the highest score is drawn last, on top. Each label begins with the
   * detection's number. Labels do not overlap; a detection without room for a label has only its
   * outline.
   *
   * @param image the image
   * @param detections the image's detections, the highest score first
   * @return a picture of the image's size
   */
  public static Image of(Image image, List<Detection> detections) {
    return of(image, detections, PictureOptions.PLAIN);
  }

  /**
   * Draws the boxes with options.
   *
   * @param whole the image
   * @param detections the image's detections, the highest score first
   * @param options the size
   * @return a picture of the image's shape
   */
  public static Image of(Image whole, List<Detection> detections, PictureOptions options) {
    Image image = options.shown(whole);
    Canvas canvas = new Canvas(image.width(), image.height(), Rgb.BLACK);
    canvas.draw(image, 0, 0);
    BoxMark mark = new BoxMark(Overlay.textSize(image.width(), image.height()));
    Box area = new Box(0, 0, image.width(), image.height());
    List<Box> boxes =
        detections.stream().map(d -> PictureOptions.scaled(d.box(), whole, image)).toList();
    for (int i = detections.size() - 1; i >= 0; i--) {
      Detection detection = detections.get(i);
      double scale = (double) image.width() / whole.width();
      mark.region(canvas, detection.region(), scale, 0, 0, false, Rgb.ofClass(detection.classId()));
    }
    Labels labels = new Labels(mark, area, boxes);
    for (int i = 0; i < detections.size(); i++) {
      Detection detection = detections.get(i);
      String name = Caption.className(detection.className(), detection.classId());
      String number = String.valueOf(i);
      String label = number + " · " + name + " " + Caption.score(detection.score());
      // A class of the whole image has no place of its own: its label stands at the corner.
      Box place = detection.region() instanceof WholeImage ? new Box(0, 0, 0, 0) : boxes.get(i);
      labels.add(place, label, number, Rgb.ofClass(detection.classId()));
    }
    labels.draw(canvas);
    return canvas.image();
  }
}
