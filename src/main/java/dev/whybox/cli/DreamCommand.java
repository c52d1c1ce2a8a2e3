// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.DreamTarget.OfBox;
import dev.whybox.dream.GradientAscent;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Budget;
import dev.whybox.report.OutputDirectory;
import dev.whybox.yolo.Detection;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whybox dream}. */
@Command(
    name = "dream",
    description =
        "Draws a picture that excites a class, a channel, a neuron or a whole detection: gradient"
            + " ascent from faint noise (activation maximisation).",
    sortOptions = false,
    footer = {
      "%nFiles, for a TARGET such as class.bird, channel.LAYER.C, neuron.LAYER.C.X-Y or"
          + " box.CLASS.BOX:",
      "  DIR/dream.TARGET.png         the picture, as large as the model's input",
      "  DIR/dream.TARGET.stepN.png   with --every K: the picture after N steps",
      "  DIR/dream.TARGET.sheet.png   the ascent: the curve of the value, and the picture at"
          + " some steps",
      "  DIR/dream.TARGET.json        values, curve, settings (schema whybox-dream/1)",
      "%nExamples:",
      "  whybox dream --class bird",
      "  whybox dream --model yolov8n.onnx --class person --size 320 --steps 512",
      "  whybox dream --model yolov8n.onnx --layer model.4 --channel 5 --every 32",
      "  whybox dream --layer model.15 --channel 12 --at 10,10 --deadline 30s",
      "  whybox dream --image street.jpg --target 2 --model yolov8n.onnx"
    })
final class DreamCommand implements Callable<Integer>, Verbose {
  private static final int MOST_STEPS = 100_000;

  /** The largest number of pictures. A small copy of each, about 80 KB, is kept for the sheets. */
  private static final int MOST_PICTURES = 1000;

  private final Console console;

  @Mixin private DreamChoice choice;

  @Option(
      names = "--steps",
      order = 11,
      paramLabel = "N",
      defaultValue = "" + GradientAscent.DEFAULT_STEPS,
      description = "The largest number of steps, 1 to 100000. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--learning-rate",
      order = 12,
      paramLabel = "RATE",
      description = "The step size of the optimiser Adam, above 0 to 1. Default: 0.05.")
  private Double rate;

  @Option(
      names = "--fields",
      order = 12,
      paramLabel = "N",
      description =
          "For --class: the picture is divided into N x N fields, and each is to show the class."
              + " 1 for a single place anywhere. Default: 4.")
  private Integer fields;

  @Option(
      names = "--deadline",
      order = 13,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Answer within this time, such as 30s or 2m, with the picture so far. The time counts"
              + " from when the model is loaded. At least one step is done.")
  private Duration deadline;

  @Mixin private SeedOption seed;

  @Option(
      names = "--every",
      order = 31,
      paramLabel = "K",
      description =
          "Also write a picture after every K steps, at most 1000. Without this option the sheet"
              + " shows the steps 1, 2, 4, 8 ...")
  private Integer every;

  @Mixin private OutOption out;

  @Mixin private ModelOptions modelOptions;

  @Mixin private VerboseOption verbose;

  @Mixin private HelpOption help;

  DreamCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean verbose() {
    return verbose.on();
  }

  @Override
  public Integer call() {
    choice.check(fields != null);
    Budget budget = budget();
    GradientAscent method = method();
    try (Interrupt interrupt = new Interrupt(console, "the picture so far");
        Whybox whybox = modelOptions.open(false, console)) {
      ModelOptions.assumed(whybox).ifPresent(console::say);
      if (verbose.on()) {
        console.say("whybox: " + ModelOptions.place(whybox, false));
      }
      DreamTarget target = choice.of(whybox, modelOptions.confidence());
      whybox.check(target);
      OutputDirectory directory = OutputDirectory.at(out.folder());
      String label = target.label(whybox.model().names());
      DreamFiles files = new DreamFiles(directory, label, every == null ? 0 : every);
      Dream dream;
      try (ProgressLine progress = new ProgressLine(console, label, "step", interrupt)) {
        dream =
            whybox.dream(
                target,
                method,
                budget,
                step -> {
                  progress.onStep(step);
                  files.onStep(step);
                });
      } catch (RuntimeException | OutOfMemoryError e) {
        directory.abandon();
        throw e;
      }
      Detection found = target instanceof OfBox box ? nearest(whybox, dream, box) : null;
      files.write(dream, found).forEach(file -> console.say("wrote " + file));
      console.say(dream.label() + " was read from " + dream.source().label());
      console.print(summary(dream));
      if (target instanceof OfBox box) {
        say(box, found);
      }
      return (interrupt.requested() ? ExitCode.INTERRUPTED : ExitCode.OK).code();
    }
  }

  private GradientAscent method() {
    GradientAscent method = GradientAscent.DEFAULT;
    method = rate == null ? method : method.withRate(rate);
    return fields == null ? method : method.withFields(fields);
  }

  private Budget budget() {
    if (steps < 1 || steps > MOST_STEPS) {
      throw new BadArgument(
          "--steps must be 1 to %d, but is %d. The default is %d."
              .formatted(MOST_STEPS, steps, GradientAscent.DEFAULT_STEPS));
    }
    if (every != null && (every < 1 || every > steps)) {
      throw new BadArgument(
          "--every must be 1 to the %d of --steps, but is %d. Leave it out to write only the last picture."
              .formatted(steps, every));
    }
    if (every != null && steps / every > MOST_PICTURES) {
      throw new BadArgument(
          "--every %d with --steps %d would write %d pictures; at most %d are possible. Take --every %d or more."
              .formatted(
                  every,
                  steps,
                  steps / every,
                  MOST_PICTURES,
                  (steps + MOST_PICTURES - 1) / MOST_PICTURES));
    }
    Budget budget = Budget.DEFAULT.withSamples(steps).withSeed(seed.value());
    return deadline == null ? budget : budget.withDeadline(deadline);
  }

  /**
   * The detection in the picture that overlaps most with the target's box; null if there is none of
   * its class.
   */
  private static Detection nearest(Whybox whybox, Dream dream, OfBox target) {
    return whybox.detect(dream.image()).stream()
        .filter(found -> found.classId() == target.classId())
        .filter(found -> found.box().iou(target.box()) > 0)
        .max(Comparator.comparingDouble(found -> found.box().iou(target.box())))
        .orElse(null);
  }

  private void say(OfBox target, Detection found) {
    if (found == null) {
      console.warn("the detector finds nothing of that class in the picture; take more --steps.");
      return;
    }
    console.print(
        "found in the picture: %s %s at %s, IoU %s with the box asked for"
            .formatted(
                found.className(),
                Texts.score(found.score()),
                Texts.box(found.box()),
                Texts.score(found.box().iou(target.box()))));
  }

  private static String summary(Dream dream) {
    return "%s  %s %s -> %s  %s%s"
        .formatted(
            dream.label(),
            dream.source().unit(),
            Texts.score(dream.start()),
            Texts.score(dream.value()),
            Texts.count(dream.steps(), "step"),
            switch (dream.stop()) {
              case SAMPLES, RUNNING, ACCURACY -> "";
              case DEADLINE -> "  partial: deadline";
              case CANCELLED -> "  partial: cancelled";
            });
  }
}
