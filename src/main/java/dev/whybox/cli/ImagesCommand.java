// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.NoDetection;
import dev.whybox.image.Image;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The common part of the commands that work through images, one after the other. If an image fails,
 * the next one is still tried; the most serious failure decides the exit code.
 */
abstract class ImagesCommand implements Callable<Integer>, Verbose {
  /** A score below this counts as nothing found. */
  private static final float FAINTEST = 0.001f;

  final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "JPEG, PNG, WebP, BMP, GIF or TIFF files.")
  List<Path> images;

  @Mixin ModelOptions modelOptions;

  @Mixin private VerboseOption verbose;

  @Mixin private HelpOption help;

  ImagesCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean verbose() {
    return verbose.on();
  }

  /** Does the work for one image. */
  abstract void each(Whybox whybox, Image image, String stem);

  /** Whether the command perturbs images; then a GPU is worth its start. */
  boolean perturbs() {
    return false;
  }

  /** Whether to leave out the remaining images. */
  boolean stopped() {
    return false;
  }

  /** Works through the images. */
  ExitCode all() {
    ExitCode exit = ExitCode.OK;
    List<String> stems = Stems.of(images);
    // The first image is read while the model loads, since both take time.
    CompletableFuture<Image> first = CompletableFuture.supplyAsync(() -> Image.read(images.get(0)));
    try (Whybox whybox = modelOptions.open(perturbs())) {
      if (verbose.on()) {
        console.say("whybox: " + ModelOptions.place(whybox, perturbs()));
      }
      for (int i = 0; i < images.size() && !stopped(); i++) {
        try {
          each(whybox, i == 0 ? result(first) : Image.read(images.get(i)), stems.get(i));
        } catch (WhyboxException e) {
          ExitCode failure = ExitCode.of(e);
          if (!failure.concernsOneImage() || images.size() == 1) {
            throw e;
          }
          console.complain(e.getMessage());
          exit = exit.or(failure);
        }
      }
    }
    return exit;
  }

  private static Image result(CompletableFuture<Image> image) {
    try {
      return image.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WhyboxException known) {
        throw known;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Finds the objects of an image and prints their table. */
  final List<Detection> detections(Whybox whybox, Image image) {
    List<Detection> detections = whybox.detect(image);
    console.print(Texts.heading(image, detections));
    Texts.table(detections).forEach(console::print);
    return detections;
  }

  /**
   * The targets that the user chose, each one once.
   *
   * @throws NoDetection if a choice needs detections and there are none
   */
  final List<Target> targets(
      Whybox whybox, Image image, List<Detection> detections, List<TargetChoice> choices) {
    if (detections.isEmpty() && choices.stream().anyMatch(TargetChoice::needsDetections)) {
      throw nothing(whybox, image);
    }
    Set<Target> chosen = new LinkedHashSet<>();
    for (TargetChoice choice : choices) {
      chosen.addAll(choice.among(detections, whybox.model().names()));
    }
    List<Target> targets = List.copyOf(chosen);
    whybox.check(image, targets);
    return targets;
  }

  /** Makes the error that nothing was found; it names the highest score. */
  NoDetection nothing(Whybox whybox, Image image) {
    List<Detection> faint = whybox.detect(image, FAINTEST);
    String nearest =
        faint.isEmpty()
            ? "no score reaches " + FAINTEST
            : "the highest score is "
                + Texts.number(faint.get(0).score())
                + " ("
                + faint.get(0).className()
                + "); try a lower --conf";
    return new NoDetection(
        image.name()
            + ": nothing found above --conf "
            + modelOptions.confidence()
            + "; "
            + nearest
            + ".");
  }
}
