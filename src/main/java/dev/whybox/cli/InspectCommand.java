// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.inside.Inspection;
import dev.whybox.report.InsideReport;
import dev.whybox.report.OutputFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code whybox inspect}. */
@Command(
    name = "inspect",
    description =
        "Shows what a model consists of: facts, and a table of its layers with output, shape,"
            + " parameters and GFLOPs (a multiply-accumulate counts as two operations). Works"
            + " for any task; nothing is run.",
    sortOptions = false,
    footer = {
      "%nLayers marked with * are maps; --layer of explain and features accepts them.",
      "%nExamples:",
      "  whybox inspect yolov8n.onnx",
      "  whybox inspect yolov8n-seg.onnx --json - | jq .model.gflops"
    })
final class InspectCommand implements Callable<Integer>, Verbose {
  private static final String STANDARD_OUTPUT = "-";
  private static final int CLASSES_SHOWN = 8;

  private final Console console;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "An ONNX file. Default: the small model that comes with Whybox.")
  private Path model;

  @Option(
      names = "--json",
      order = 1,
      paramLabel = "FILE",
      description =
          "Write JSON (schema whybox-inspection/1); - writes it to standard output instead of"
              + " the table. Replaces an existing file only if it is JSON or empty.")
  private String json;

  @Option(
      names = "--size",
      order = 2,
      paramLabel = "PIXELS",
      defaultValue = "0",
      description =
          "Side of the input in pixels, for a model of free size; 0 for the model's own."
              + " Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(names = "--verbose", order = 98, description = "Print stack traces of errors.")
  private boolean verbose;

  @Mixin private HelpOption help;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean verbose() {
    return verbose;
  }

  @Override
  public Integer call() {
    boolean toFile = json != null && !json.equals(STANDARD_OUTPUT);
    OutputFile place = toFile ? JsonFile.at(Path.of(json), List.of()) : null;
    Inspection inspection =
        model == null ? Whybox.inspectBundled(size) : Whybox.inspect(model, size);
    inspection.warnings().forEach(console::warn);
    if (STANDARD_OUTPUT.equals(json)) {
      console.printRaw(InsideReport.of(inspection));
      return ExitCode.OK.code();
    }
    table(inspection).forEach(console::print);
    if (toFile) {
      place.write(InsideReport.of(inspection).getBytes(StandardCharsets.UTF_8));
    }
    return ExitCode.OK.code();
  }

  private static List<String> table(Inspection model) {
    List<String> lines = new ArrayList<>();
    lines.add(model.path());
    lines.add("  task       " + model.task());
    lines.add("  classes    " + classes(model.classes()));
    lines.add("  input      " + model.input() + " " + shape(model.inputShape()));
    lines.add("  opset      " + model.opset());
    lines.add("  precision  " + model.precision());
    lines.add("  file       %,d bytes".formatted(model.bytes()));
    lines.add("  sha256     " + model.sha256());
    lines.add("");
    int name = width(model, 5, "name");
    int type = width(model, 4, "type");
    String row = "%-" + (name + 1) + "s %-" + type + "s  %17s %12s %9s  %s";
    lines.add(
        row.formatted("layer", "type", "shape", "parameters", "GFLOPs", "output").stripTrailing());
    for (Inspection.Layer layer : model.layers()) {
      lines.add(
          row.formatted(
              layer.name() + (layer.map() ? "*" : ""),
              layer.type(),
              shape(layer.shape()),
              "%,d".formatted(layer.parameters()),
              gflops(layer.gflops()),
              layer.output()));
    }
    lines.add(
        row.formatted(
                "total", "", "", "%,d".formatted(model.parameters()), gflops(model.gflops()), "")
            .stripTrailing());
    lines.add("");
    lines.add("* a map that --layer accepts");
    for (Inspection.Tensor logits : model.logits()) {
      lines.add("class logits: " + logits.name() + " " + shape(logits.shape()));
    }
    return lines;
  }

  private static int width(Inspection model, int least, String what) {
    return model.layers().stream()
        .mapToInt(l -> (what.equals("name") ? l.name() : l.type()).length())
        .reduce(least, Math::max);
  }

  private static String classes(List<String> names) {
    String shown = names.stream().limit(CLASSES_SHOWN).collect(Collectors.joining(", "));
    return names.size()
        + (names.isEmpty() ? "" : ": " + shown)
        + (names.size() > CLASSES_SHOWN ? ", ..." : "");
  }

  /** The sizes, with N for a free batch; a question mark if they are not known. */
  private static String shape(List<Long> shape) {
    return shape.isEmpty()
        ? "?"
        : shape.stream()
            .map(s -> s >= 0 ? s.toString() : s == -1 ? "N" : -s + "N")
            .collect(Collectors.joining("x"));
  }

  private static String gflops(double value) {
    return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, "%.3f", value);
  }
}
