// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.explain.Approach;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.MethodTable;
import dev.whybox.image.Image;
import dev.whybox.report.Caveats;
import dev.whybox.report.OutputDirectory;
import dev.whybox.report.Peak;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whybox explain}. */
@Command(
    name = "explain",
    description = "Explains detections: for each box, a map of what speaks for and against it.",
    sortOptions = false,
    footer = {
      "%nFiles, for an image IMAGE.jpg and the target with number K:",
      "  DIR/IMAGE.METHOD.json   detections, values and their errors, settings (schema whybox/1)",
      "  DIR/IMAGE.METHOD.K.png  the picture with its map; DIR/IMAGE.METHOD.png shows all targets",
      "  DIR/IMAGE.METHOD.K.npy  the map, float32 [height,width], in pixels of the image",
      "  DIR/IMAGE.METHOD.segments.png  the number of each pixel's segment, unless they are a grid",
      "%nExamples:",
      "  whybox explain street.jpg --model yolov8n.onnx",
      "  whybox explain street.jpg --model yolov8n.onnx --target best --deadline 10s",
      "  whybox explain street.jpg --target 310,95,420,310,person     why was this missed?",
      "  whybox explain street.jpg --method shap,lime               two maps from one set of"
          + " samples",
      "  whybox explain *.jpg --method d-rise --format npy,json --out maps"
    })
final class ExplainCommand extends ImagesCommand {
  @Mixin private MethodOptions methodOptions;

  @Option(
      names = {"-t", "--target"},
      order = 1,
      paramLabel = "TARGET",
      converter = TargetChoice.Converter.class,
      description =
          "What to explain: all, best, a number from the table of detections, or"
              + " x1,y1,x2,y2,class for a box of your own, in pixels; for a rotated box"
              + " x,y,width,height,angle,class with its centre and the angle in radians. May be"
              + " given several times. Default: all.")
  private List<TargetChoice> targets;

  @Option(
      names = "--class",
      order = 1,
      paramLabel = "CLASS",
      description =
          "For a classifier: explain this class, by its name or number. May be given several"
              + " times. Default: the five likeliest.")
  private List<String> classes;

  @Mixin private OutOption out;

  @Option(
      names = "--format",
      order = 31,
      paramLabel = "LIST",
      split = ",",
      defaultValue = "png,json",
      description = "What to write: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Set<ResultFiles.Format> formats;

  private List<Method> methods;
  private Budget budget;
  private Interrupt interrupt;

  ExplainCommand(Console console, MethodTable table) {
    super(console);
    this.methodOptions = new MethodOptions(table);
  }

  @Override
  public Integer call() {
    methods = methodOptions.methods();
    budget = methodOptions.budget();
    try (Interrupt listening = new Interrupt(console, "the best map so far")) {
      interrupt = listening;
      ExitCode exit = all();
      return (interrupt.requested() ? ExitCode.INTERRUPTED : exit).code();
    }
  }

  @Override
  boolean perturbs() {
    return methods.stream().anyMatch(one -> one.kind().approach() == Approach.BLACK_BOX);
  }

  @Override
  boolean stopped() {
    return interrupt.requested();
  }

  @Override
  void each(Whybox whybox, Image image, String stem) {
    List<Detection> detections = detections(whybox, image);
    List<Target> chosen = targets(whybox, image, detections, choices(whybox.model()));
    OutputDirectory directory = OutputDirectory.at(out.folder());
    Map<Method, List<Explanation>> found;
    try {
      found = explain(whybox, image, chosen);
    } catch (RuntimeException | OutOfMemoryError e) {
      directory.abandon();
      throw e;
    }
    found.values().forEach(each -> show(whybox, directory, stem, detections, each));
  }

  private List<TargetChoice> choices(ModelInfo model) {
    if (classes != null && !model.task().equals("classify")) {
      throw new BadTarget(
          "--class is for classifiers, but this model's task is "
              + model.task()
              + ". Name a place too: --target x1,y1,x2,y2,class.");
    }
    List<TargetChoice> choices = new ArrayList<>();
    if (targets != null) {
      choices.addAll(targets);
    }
    if (classes != null) {
      classes.forEach(name -> choices.add(new TargetChoice.OfClass(name)));
    }
    return choices.isEmpty() ? List.of(new TargetChoice.All()) : choices;
  }

  /** Writes the files of one method and prints its results. */
  private void show(
      Whybox whybox,
      OutputDirectory directory,
      String stem,
      List<Detection> detections,
      List<Explanation> explanations) {
    ResultFiles files = new ResultFiles(directory, stem, detections, explanations);
    files.write(formats, whybox).forEach(file -> console.say("wrote " + file));
    if (methods.size() > 1) {
      console.print(heading(explanations.get(0)));
    }
    for (int i = 0; i < explanations.size(); i++) {
      console.print(summary(files.numbers().get(i), explanations.get(i)));
    }
    warn(explanations.get(0).image(), files.numbers(), explanations);
  }

  /** Such as {@code lime, predicted from the 256 samples of shap}. */
  private static String heading(Explanation explanation) {
    return explanation.method().name()
        + ", "
        + (explanation.predicted()
            ? explanation.estimation().orElseThrow().reason()
            : effort(explanation));
  }

  private Map<Method, List<Explanation>> explain(Whybox whybox, Image image, List<Target> chosen) {
    String targets = chosen.size() + (chosen.size() == 1 ? " target" : " targets");
    try (ProgressLines lines = new ProgressLines(console, targets, interrupt)) {
      return whybox.explain(image, chosen, methods, budget, lines::begin);
    }
  }

  /** Prints one line per caveat, even if it concerns several targets. */
  private void warn(Image image, List<Integer> numbers, List<Explanation> explanations) {
    Map<String, List<Integer>> caveats = new LinkedHashMap<>();
    for (int i = 0; i < explanations.size(); i++) {
      for (String caveat : Caveats.of(explanations.get(i))) {
        caveats.computeIfAbsent(caveat, all -> new ArrayList<>()).add(numbers.get(i));
      }
    }
    caveats.forEach(
        (caveat, targets) ->
            console.warn(
                "%s, %s %s: %s."
                    .formatted(
                        image.name(),
                        targets.size() == 1 ? "target" : "targets",
                        targets.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        caveat)));
    for (int i = 0; i < explanations.size(); i++) {
      if (missed(explanations.get(i))) {
        console.warn(
            "%s, target %d: the goal of --error %s was not reached. Give more --samples or time, or"
                    .formatted(image.name(), numbers.get(i), Texts.number(budget.error()))
                + " try another --estimator.");
      }
    }
  }

  /** Whether the error of the values is larger than the goal, or not known. */
  private boolean missed(Explanation explanation) {
    return budget.error() > 0
        && explanation.attribution() instanceof SegmentValues found
        && !(found.relativeError() <= budget.error());
  }

  private static String effort(Explanation explanation) {
    return explanation.method().effort(explanation.samples());
  }

  private static String summary(int number, Explanation explanation) {
    Peak peak = Peak.of(explanation);
    String absent =
        Double.isNaN(explanation.baselineScore())
            ? ""
            : " -> " + Texts.score(explanation.baselineScore()) + " when all is absent";
    String error =
        explanation.attribution() instanceof SegmentValues found && found.relativeError() > 0
            ? "  error " + Texts.number(found.relativeError())
            : "";
    return "target %d  %s  score %s%s  peak %s at %.0f,%.0f%s%s"
        .formatted(
            number,
            explanation.className(),
            Double.isNaN(explanation.fullScore())
                ? "not known"
                : Texts.score(explanation.fullScore()),
            absent,
            Texts.number(peak.value()),
            peak.x(),
            peak.y(),
            error,
            switch (explanation.stop()) {
              case SAMPLES, ACCURACY, RUNNING -> "";
              case DEADLINE -> "  partial: deadline after " + effort(explanation);
              case CANCELLED -> "  partial: cancelled after " + effort(explanation);
            });
  }
}
