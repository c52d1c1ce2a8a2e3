// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.image.Image;
import dev.whybox.render.DetectionPicture;
import dev.whybox.render.Png;
import dev.whybox.report.OutputDirectory;
import dev.whybox.report.OutputFile;
import dev.whybox.report.Report;
import dev.whybox.yolo.Detection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code whybox detect}. */
@Command(
    name = "detect",
    description = "Finds the objects in images and prints a table: number, class, score, box.",
    sortOptions = false,
    footer = {
      "%nExamples:",
      "  whybox detect street.jpg --model yolov8n.onnx",
      "  whybox detect *.jpg --json - --conf 0.5 > detections.json",
      "  whybox detect street.jpg --out pictures"
    })
final class DetectCommand extends ImagesCommand {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--json",
      order = 1,
      paramLabel = "FILE",
      description =
          "Write JSON (schema whybox/1; an array for several images); - writes it to standard"
              + " output instead of the table. Replaces an existing file only if it is JSON or"
              + " empty.")
  private String json;

  @Option(
      names = {"-o", "--out"},
      order = 2,
      paramLabel = "DIR",
      description = "Draw the boxes and write DIR/IMAGE.detect.png.")
  private Path out;

  private final List<Report> reports = new ArrayList<>();
  private OutputDirectory directory;

  DetectCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    boolean toFile = json != null && !json.equals(STANDARD_OUTPUT);
    OutputFile place = toFile ? JsonFile.at(Path.of(json), images) : null;
    directory = out == null ? null : OutputDirectory.at(out);
    ExitCode exit = all();
    if (json != null && (toFile || !reports.isEmpty())) {
      String text = Report.json(reports);
      if (toFile) {
        place.write(text.getBytes(StandardCharsets.UTF_8));
      } else {
        console.printRaw(text);
      }
    }
    return exit.code();
  }

  @Override
  void each(Whybox whybox, Image image, String stem) {
    List<Detection> detections = whybox.detect(image);
    reports.add(new Report(image, whybox.model(), whybox.engine(), detections, List.of()));
    if (!STANDARD_OUTPUT.equals(json)) {
      console.print(Texts.heading(image, detections));
      Texts.table(detections).forEach(console::print);
    }
    if (detections.isEmpty()) {
      console.complain(nothing(whybox, image).getMessage());
    }
    if (directory != null) {
      byte[] png = Png.encode(DetectionPicture.of(image, detections));
      console.say("wrote " + directory.write(stem + ".detect.png", png));
    }
  }
}
