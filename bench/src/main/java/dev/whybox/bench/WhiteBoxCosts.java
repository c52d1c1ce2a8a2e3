// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.whitebox.EigenCam;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GradCamPlusPlus;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.HiResCam;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.whitebox.XGradCam;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints what the methods that look inside the model cost, for one detection and for all, in units
 * of plain forward passes that run in turn with them, one after another on all threads; and the
 * greatest resident set of a process that does nothing else, against one that only detects (Linux).
 * Argument: rounds (default 7).
 */
public final class WhiteBoxCosts {
  /** What is timed at a time: that many calls of one sample, or one call of that many samples. */
  private static final int PASSES = 5;

  /** With how many samples each is called; a sample is a pass forward and back. */
  private static final Map<WhiteBox, Integer> METHODS = new LinkedHashMap<>();

  static {
    METHODS.put(new Saliency(), 1);
    METHODS.put(new InputXGradient(), 1);
    METHODS.put(new GuidedBackprop(), 1);
    METHODS.put(new SmoothGrad(), PASSES);
    METHODS.put(new IntegratedGradients(), PASSES);
    METHODS.put(new GradCam(), 1);
    METHODS.put(new GradCamPlusPlus(), 1);
    METHODS.put(new XGradCam(), 1);
    METHODS.put(new HiResCam(), 1);
    METHODS.put(new LayerCam(), 1);
    METHODS.put(new EigenCam(), 1);
  }

  private WhiteBoxCosts() {}

  /**
   * Runs the program.
   *
   * @param arguments rounds; the processes it starts get a method's name and how many targets
   * @throws Exception where anything fails
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 1) {
      useMemory(arguments[0], Integer.parseInt(arguments[1]));
      return;
    }
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
    Image image = Bench.image();
    int processors = Runtime.getRuntime().availableProcessors();
    try (Whybox whybox = Bench.open()) {
      List<Target> found = whybox.detect(image).stream().map(Target::of).toList();
      memory(found.size());
      System.out.printf(
          "%s at %d × %d, %d processors, %d rounds; medians of ratios [least, most]%n",
          whybox.model().path(),
          whybox.model().inputWidth(),
          whybox.model().inputHeight(),
          processors,
          rounds);
      for (WhiteBox method : List.of(new Saliency(), new LayerCam())) {
        together(whybox, image, found.subList(0, Math.min(4, found.size())), method, rounds);
        together(whybox, image, ofAllScales(whybox), method, rounds);
      }
      try (PlainForward plain =
          new PlainForward(Bench.modelBytes(), whybox.model(), 1, processors, 1)) {
        for (var entry : METHODS.entrySet()) {
          for (List<Target> targets : List.of(found.subList(0, 1), found)) {
            String name = entry.getKey().name() + ", " + count(targets) + ", a sample / forward";
            Ratios.print(
                name,
                rounds,
                () -> passes(whybox, image, targets, entry.getKey(), entry.getValue()),
                () -> plain.seconds(PASSES));
          }
        }
      }
    }
  }

  /** What several targets cost in one call, and in a call for each, in calls for one. */
  private static void together(
      Whybox whybox, Image image, List<Target> targets, WhiteBox method, int rounds)
      throws Exception {
    List<Target> one = targets.subList(0, 1);
    String name = method.name() + ", " + count(targets);
    Ratios.print(
        name + " together / 1 target",
        rounds,
        () -> Ratios.explain(whybox, image, targets, method, 1),
        () -> Ratios.explain(whybox, image, one, method, 1));
    Ratios.print(
        name + " one by one / 1 target",
        rounds,
        () -> {
          double seconds = 0;
          for (Target target : targets) {
            seconds += Ratios.explain(whybox, image, List.of(target), method, 1);
          }
          return seconds;
        },
        () -> Ratios.explain(whybox, image, one, method, 1));
  }

  /** Four logits: two of the finest scale, one of each other. */
  private static List<Target> ofAllScales(Whybox whybox) {
    int fine = whybox.model().inputHeight() / 8 * (whybox.model().inputWidth() / 8);
    int[] anchors = {fine / 3, fine / 2, fine + fine / 8, fine + fine / 4 + fine / 32};
    return Arrays.stream(anchors)
        .mapToObj(a -> new Detection(new Box(10, 10, 90, 90), 0, "", 0.5f, a))
        .map(Target::of)
        .toList();
  }

  private static double passes(
      Whybox whybox, Image image, List<Target> targets, WhiteBox method, int samples) {
    double seconds = 0;
    for (int i = 0; i < PASSES; i += samples) {
      seconds += Ratios.explain(whybox, image, targets, method, samples);
    }
    return seconds;
  }

  private static void memory(int all) throws Exception {
    double detect = PeakMemory.peak(WhiteBoxCosts.class, "detect", "0");
    System.out.printf("peak resident memory, detect: %.0f MB%n", detect / 1024);
    List<WhiteBox> measured =
        List.of(new Saliency(), new IntegratedGradients(), new GuidedBackprop(), new LayerCam());
    for (WhiteBox method : measured) {
      for (int targets : new int[] {1, all}) {
        double peak = PeakMemory.peak(WhiteBoxCosts.class, method.name(), String.valueOf(targets));
        System.out.printf(
            "peak resident memory, %s, %d targets / detect: %.2f (%.0f MB)%n",
            method.name(), targets, peak / detect, peak / 1024);
      }
    }
  }

  private static String count(List<Target> targets) {
    return targets.size() == 1 ? "1 target" : targets.size() + " targets";
  }

  private static void useMemory(String name, int count) throws Exception {
    Image image = Bench.image();
    try (Whybox whybox = Bench.open()) {
      List<Target> found = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        found = whybox.detect(image).stream().map(Target::of).toList();
      }
      for (var entry : METHODS.entrySet()) {
        if (entry.getKey().name().equals(name)) {
          for (int i = 0; i < 3; i++) {
            Ratios.explain(
                whybox, image, found.subList(0, count), entry.getKey(), entry.getValue());
          }
        }
      }
    }
    PeakMemory.printPeak();
  }
}
