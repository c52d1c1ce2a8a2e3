// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Region;
import dev.whybox.image.RotatedBox;
import dev.whybox.image.WholeImage;
import dev.whybox.yolo.Detection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Writes results as lines of text. They are ASCII, apart from the user's own names. */
final class Texts {
  private Texts() {}

  /** The line with the image and the number of detections. */
  static String heading(Image image, int detections) {
    return "%s  %dx%d  %s"
        .formatted(
            image.name(),
            image.width(),
            image.height(),
            switch (detections) {
              case 0 -> "no detections";
              case 1 -> "1 detection";
              default -> detections + " detections";
            });
  }

  /** A number with its unit, whose plural ends in s, or in es after another s. */
  static String count(int count, String unit) {
    return count + " " + unit + (count == 1 ? "" : unit.endsWith("s") ? "es" : "s");
  }

  /** The same for what was found, where a classifier lists classes. */
  static String heading(Image image, List<Detection> found) {
    boolean classes = !found.isEmpty() && found.get(0).region() instanceof WholeImage;
    return classes
        ? "%s  %dx%d  the %d likeliest classes"
            .formatted(image.name(), image.width(), image.height(), found.size())
        : heading(image, found.size());
  }

  /** One line per detection: number, class, score, box. */
  static List<String> table(List<Detection> detections) {
    int name = detections.stream().mapToInt(d -> d.className().length()).max().orElse(0);
    String format = "%4d  %-" + Math.max(name, 5) + "s  %.3f  %s";
    return IntStream.range(0, detections.size())
        .mapToObj(
            i -> {
              Detection d = detections.get(i);
              return String.format(
                  Locale.ROOT, format, i, d.className(), d.score(), place(d.region()));
            })
        .toList();
  }

  /** Where a region is, in the form that {@code --target} accepts. */
  static String place(Region region) {
    if (region instanceof WholeImage) {
      return "the whole image";
    }
    return region instanceof RotatedBox box
        ? String.format(
            Locale.ROOT,
            "%.1f,%.1f,%.1f,%.1f,%.4f",
            box.x(),
            box.y(),
            box.width(),
            box.height(),
            box.angle())
        : box(region.bounds());
  }

  /** The corners of a box in pixels, in the form that {@code --target} accepts. */
  static String box(Box box) {
    return String.format(
        Locale.ROOT, "%.1f,%.1f,%.1f,%.1f", box.x1(), box.y1(), box.x2(), box.y2());
  }

  /** A score with three decimals. */
  static String score(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /**
   * A number with three decimals, or with a power of ten if three decimals would show only zeros.
   */
  static String number(double value) {
    boolean small = value != 0 && Math.abs(value) < 0.0005;
    return String.format(Locale.ROOT, small ? "%.1e" : "%.3f", value);
  }
}
