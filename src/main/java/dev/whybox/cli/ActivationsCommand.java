// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.UnreadableImage;
import dev.whybox.image.Image;
import dev.whybox.inside.ActivationStatistics;
import dev.whybox.inside.ActivationStudy;
import dev.whybox.render.ActivationPlot;
import dev.whybox.render.Png;
import dev.whybox.report.InsideReport;
import dev.whybox.report.OutputDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code whybox activations}. */
@Command(
    name = "activations",
    description =
        "Measures the activation functions on images or folders of images: the distributions of"
            + " inputs and outputs, the shares of saturated and linear inputs, and dead channels.",
    sortOptions = false,
    footer = {
      "%nSaturated: the slope is within 0.01 of 0, here and further from 0 (SiLU: below -6.26)."
          + " Linear: the slope is within 0.01 of 1 (SiLU: above 6.26). A channel is dead if its"
          + " output stays within 0.01 of 0 at every position of every image.",
      "%nFiles (for a single image IMAGE.jpg: DIR/IMAGE.activations.png and .json):",
      "  DIR/activations.png   one row per function",
      "  DIR/activations.json  all numbers (schema whybox-activations/1)",
      "%nExamples:",
      "  whybox activations street.jpg --model yolov8n.onnx",
      "  whybox activations images/ more/ --model yolov8n.onnx --out study"
    })
final class ActivationsCommand extends ImagesCommand {
  private static final String KNOWN = ".*\\.(jpe?g|png|webp|bmp|gif|tiff?)";

  /** Options of the model that only detection reads. */
  static final List<String> UNUSED = List.of("--conf", "--iou");

  @Spec private CommandSpec command;

  @Mixin private OutOption out;

  private final List<String> names = new ArrayList<>();
  private ActivationStudy study;

  ActivationsCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    for (String option : UNUSED) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            command.commandLine(),
            option + " is for detections; activations detects nothing. Leave it out.");
      }
    }
    images = expanded(images);
    OutputDirectory directory = OutputDirectory.at(out.folder());
    ExitCode exit;
    try {
      exit = all();
    } finally {
      if (study != null) {
        study.close();
      }
    }
    if (study == null || study.images() == 0) {
      return exit.code();
    }
    table(study.statistics()).forEach(console::print);
    String name = images.size() == 1 ? Stems.of(images).get(0) + ".activations" : "activations";
    byte[] png = Png.encode(ActivationPlot.of(study));
    console.say("wrote " + directory.write(name + ".png", png));
    byte[] json = InsideReport.of(study, names, name + ".png").getBytes(StandardCharsets.UTF_8);
    console.say("wrote " + directory.write(name + ".json", json));
    return exit.code();
  }

  @Override
  void each(Whybox whybox, Image image, String stem) {
    if (study == null) {
      study = whybox.activations();
    }
    study.add(image);
    names.add(image.name());
    console.say("%d of %d: %s".formatted(names.size(), images.size(), image.name()));
  }

  /**
   * Replaces each folder by the images in it, sorted by name. Folders inside it are not searched.
   */
  private static List<Path> expanded(List<Path> places) {
    List<Path> files = new ArrayList<>();
    for (Path place : places) {
      if (!Files.isDirectory(place)) {
        files.add(place);
        continue;
      }
      List<Path> found;
      try (Stream<Path> inside = Files.list(place)) {
        found =
            inside
                .filter(Files::isRegularFile)
                .filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).matches(KNOWN))
                .sorted()
                .toList();
      } catch (IOException e) {
        throw new UnreadableImage(
            place + ": the folder can't be read (" + e + "). Check that you may read it.", e);
      }
      if (found.isEmpty()) {
        throw new UnreadableImage(
            place
                + ": no image in this folder. Names of images end in .jpg, .png, .webp, .bmp,"
                + " .gif or .tiff; folders inside it are not searched.");
      }
      files.addAll(found);
    }
    return files;
  }

  private static List<String> table(List<ActivationStatistics> statistics) {
    int name = statistics.stream().mapToInt(s -> s.layer().length()).reduce(5, Math::max);
    int function =
        statistics.stream().mapToInt(s -> s.functionName().length()).reduce(8, Math::max);
    String row = "%-" + name + "s  %-" + function + "s %8s %8s %8s %8s %10s %8s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(
        row.formatted(
            "layer",
            "function",
            "in mean",
            "in dev",
            "out mean",
            "out dev",
            "saturated",
            "linear",
            "dead"));
    for (ActivationStatistics each : statistics) {
      boolean linear = !Double.isNaN(each.activation().function().linearFrom());
      lines.add(
          row.formatted(
              each.layer(),
              each.functionName(),
              decimal(each.input().mean()),
              decimal(each.input().deviation()),
              decimal(each.output().mean()),
              decimal(each.output().deviation()),
              percent(each.saturated()),
              linear ? percent(each.linear()) : "-",
              each.dead().length + " of " + each.channels()));
    }
    return lines;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String percent(double share) {
    boolean small = share > 0 && share < 0.0005;
    return small ? "<0.1%" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
