// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Image;
import dev.whybox.render.ContactSheet;
import dev.whybox.render.Overlay;
import dev.whybox.render.PictureOptions;
import dev.whybox.render.Png;
import dev.whybox.report.Npy;
import dev.whybox.report.OutputDirectory;
import dev.whybox.report.Report;
import dev.whybox.report.Report.Drawn;
import dev.whybox.report.TargetNumbers;
import dev.whybox.yolo.Detection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of one image's explanations. */
final class ResultFiles {
  /** The formats that can be written. */
  enum Format {
    png,
    json,
    npy
  }

  private final OutputDirectory directory;
  private final String stem;
  private final List<Detection> detections;
  private final List<Explanation> explanations;
  private final List<Integer> numbers;

  /**
   * Files named {@code stem.METHOD…}. There must be at least one explanation, all of one image and
   * method.
   */
  ResultFiles(
      OutputDirectory directory,
      String stem,
      List<Detection> detections,
      List<Explanation> explanations) {
    this.directory = directory;
    this.stem = stem + "." + explanations.get(0).method().name();
    this.detections = detections;
    this.explanations = explanations;
    this.numbers = TargetNumbers.of(explanations, detections);
  }

  /** The targets' numbers, in the order of the explanations. */
  List<Integer> numbers() {
    return numbers;
  }

  /** Writes all formats. The JSON comes last, so it never names a file that does not exist. */
  List<Path> write(Set<Format> formats, PictureOptions drawing, Whybox whybox) {
    // Only gradients are noisy enough for a filter.
    boolean spiky = explanations.get(0).method().kind().unit().spiky();
    PictureOptions options = spiky ? drawing : new PictureOptions(0, drawing.maxPixels());
    List<Path> written = new ArrayList<>();
    List<Report.Entry> entries = new ArrayList<>();
    String labels = formats.contains(Format.json) ? labels(written) : null;
    for (int i = 0; i < explanations.size(); i++) {
      Explanation explanation = explanations.get(i);
      String name = stem + "." + numbers.get(i);
      String map = formats.contains(Format.npy) ? name + ".npy" : null;
      String picture = formats.contains(Format.png) ? name + ".png" : null;
      if (map != null) {
        Image image = explanation.image();
        written.add(
            directory.write(
                map, out -> Npy.write(out, explanation.map(), image.width(), image.height())));
      }
      if (picture != null) {
        written.add(directory.write(picture, Png.encode(Overlay.of(explanation, options))));
      }
      Drawn drawn = picture == null ? null : drawn(explanation.image(), options);
      entries.add(new Report.Entry(numbers.get(i), explanation, map, picture, labels, drawn));
    }
    if (formats.contains(Format.png) && explanations.size() > 1) {
      Image sheet = ContactSheet.of(explanations, numbers, options);
      written.add(directory.write(stem + ".png", Png.encode(sheet)));
    }
    if (formats.contains(Format.json)) {
      Explanation first = explanations.get(0);
      String json =
          new Report(first.image(), whybox.model(), first.engine(), detections, entries).json();
      written.add(directory.write(stem + ".json", json.getBytes(StandardCharsets.UTF_8)));
    }
    return written;
  }

  /** How pictures of an image differ from it; null if they do not. */
  private static Drawn drawn(Image image, PictureOptions options) {
    Image shown = options.shown(image);
    boolean whole = shown.width() == image.width() && shown.height() == image.height();
    return whole && options.smooth() == 0
        ? null
        : new Drawn(shown.width(), shown.height(), options.smooth());
  }

  /**
   * Writes the positions of segments, unless they are a grid. They are the same for all targets.
   */
  private String labels(List<Path> written) {
    Image image = explanations.get(0).image();
    if (!(explanations.get(0).attribution() instanceof SegmentValues found)
        || found.segments().rows() > 0) {
      return null;
    }
    String name = stem + ".segments.png";
    byte[] png = Png.encode(found.segments(), image.width(), image.height());
    written.add(directory.write(name, png));
    return name;
  }
}
