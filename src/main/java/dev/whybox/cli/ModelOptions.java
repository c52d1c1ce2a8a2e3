// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.adapt.HeadLayout;
import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.yolo.HeadReading;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that concern the model. */
final class ModelOptions {
  private static final int THREADS_A_PROCESSOR = 4;

  @Option(
      names = {"-m", "--model"},
      order = 51,
      paramLabel = "FILE",
      description =
          "A YOLO model exported to ONNX. Default: the small model that comes with Whybox.")
  private Path model;

  @Option(
      names = "--conf",
      order = 52,
      paramLabel = "SCORE",
      defaultValue = "0.25",
      description = "Detections need a score above this, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private float confidence;

  @Option(
      names = "--iou",
      order = 53,
      paramLabel = "IOU",
      defaultValue = "0.7",
      description =
          "If boxes of one class overlap more than this (IoU), only the best is kept. Default:"
              + " ${DEFAULT-VALUE}.")
  private float iou;

  @Option(
      names = "--device",
      order = 54,
      paramLabel = "DEVICE",
      defaultValue = "auto",
      converter = DeviceConverter.class,
      description =
          "Where the model runs: auto, cpu, cuda or cuda:N. auto takes a GPU if `whybox doctor`"
              + " finds everything it needs. Default: ${DEFAULT-VALUE}.")
  private Device device;

  @Option(
      names = "--threads",
      order = 55,
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Number of threads, at most 4 per processor; 0 for one per processor. Default:"
              + " ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--batch",
      order = 56,
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Images per run; 0 lets Whybox choose (on the CPU, by measuring). Default:"
              + " ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--size",
      order = 57,
      paramLabel = "PIXELS",
      defaultValue = "0",
      description =
          "Side of the model's input in pixels; 0 for the model's own. Default:"
              + " ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--half",
      order = 58,
      description = "On a GPU: compute in float16 where that is safe. Faster, less exact.")
  private boolean half;

  @Option(
      names = "--head",
      order = 59,
      paramLabel = "NAME",
      defaultValue = "",
      completionCandidates = HeadNames.class,
      description = {
        "How the model's outputs are laid out, where Whybox can't tell: ${COMPLETION-CANDIDATES}.",
        "docs/models.md describes them. Default: the one that fits."
      })
  private String head;

  @Option(
      names = "--input",
      order = 60,
      paramLabel = "VALUES",
      defaultValue = "",
      description =
          "What values the model takes, where its file does not say it: rgb or bgr, scale=255,"
              + " mean=A/B/C, std=A/B/C, with commas between them; (value*scale-mean)/std of"
              + " values 0 to 1. Default: rgb,scale=1, or what the graph shows.")
  private String input;

  /** The table of heads, for the help. */
  static final class HeadNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return HeadLayout.names().iterator();
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  float confidence() {
    return confidence;
  }

  /**
   * Opens the model.
   *
   * @param perturbing whether images will be perturbed. Building an engine for a GPU takes minutes,
   *     which pays off only for many perturbed images; without them {@code auto} does not build one
   * @param console is told what of the file could not be used
   */
  Whybox open(boolean perturbing, Console console) {
    int most = Math.min(THREADS_A_PROCESSOR * processors(), Options.MAX_THREADS);
    if (threads > most) {
      throw new BadArgument(
          ("--threads must be 0 to %d on this machine (%d per processor), but is %d. More"
                  + " threads would only wait for each other; 0 takes one per processor.")
              .formatted(most, THREADS_A_PROCESSOR, threads));
    }
    boolean onCpu = !perturbing && device.equals(Device.AUTO);
    Device chosen = onCpu ? Device.CPU : device;
    Options options =
        new Options(confidence, iou, threads, batch, size, chosen, half && !onCpu, head, input);
    Whybox whybox = model == null ? Whybox.bundled(options) : Whybox.open(model, options);
    whybox.warnings().forEach(console::warn);
    return whybox;
  }

  /** How the model's outputs were understood, where its file does not say it. */
  static Optional<String> assumed(Whybox whybox) {
    return whybox
        .model()
        .reading()
        .filter(HeadReading::assumed)
        .map(
            reading ->
                "whybox: %s does not say what its outputs mean; read as the head %s: %s. If that is wrong, name another with --head."
                    .formatted(whybox.model().path(), reading.head(), reading.note()));
  }

  /** Says in words on which device the work runs, and why. */
  static String place(Whybox whybox, boolean perturbing) {
    String reason = whybox.cpuReason();
    if (reason == null) {
      return "runs on the GPU";
    }
    return perturbing
        ? "runs on the CPU: " + reason
        : "runs on the CPU: auto takes a GPU for shap, lime and d-rise; --device cuda for all";
  }
}
