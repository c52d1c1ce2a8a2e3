// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Prints what an explanation costs in units of plain forward passes, each ratio from runs in turn
 * (A B A B …), so that a machine that drifts does not decide. Arguments: samples (default 200),
 * rounds (default 5). {@code -Dmethods=REGEX} takes only the methods whose whole name it matches.
 */
public final class Ratios {
  private static final List<Method> METHODS =
      List.of(
          new DRise(),
          new Lime(),
          new Shap().withEstimator(ShapleyEstimatorKind.KERNEL),
          new Shap());

  private Ratios() {}

  /**
   * Runs the program.
   *
   * @param arguments samples and rounds
   * @throws Exception where anything fails
   */
  public static void main(String[] arguments) throws Exception {
    int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Image image = Bench.image();
    int processors = Runtime.getRuntime().availableProcessors();
    try (Whybox whybox = Bench.open()) {
      List<Target> found = new ArrayList<>(whybox.detect(image).stream().map(Target::of).toList());
      Target one = found.get(0);
      List<Target> all = many(found, image);
      System.out.printf(
          "%s at %d × %d, %d processors, %d samples, %d rounds; medians of ratios [least, most]%n",
          whybox.model().path(),
          whybox.model().inputWidth(),
          whybox.model().inputHeight(),
          processors,
          samples,
          rounds);
      try (PlainForward plain = PlainForward.best(Bench.modelBytes(), whybox.model(), processors)) {
        for (Method method : METHODS) {
          if (!name(method).matches(System.getProperty("methods", ".*"))) {
            continue;
          }
          print(
              name(method) + ", N samples / N plain forwards (" + plain + ")",
              rounds,
              () -> explain(whybox, image, List.of(one), method, samples),
              // The full image and the baseline, which are forwards too, are not allowed for.
              () -> plain.seconds(samples));
          print(
              name(method) + ", " + all.size() + " targets / one target",
              rounds,
              () -> explain(whybox, image, all, method, samples),
              () -> explain(whybox, image, List.of(one), method, samples));
        }
      }
      try (PlainForward plain =
          new PlainForward(
              Bench.modelBytes(),
              whybox.model(),
              1,
              processors,
              Math.max(1, whybox.model().batch()))) {
        print(
            "detect / plain forward (one at a time)",
            rounds,
            () -> detect(whybox, image, samples / 2),
            () -> plain.seconds(samples / 2));
      }
    }
  }

  private static String name(Method method) {
    return method instanceof Shap shap ? "shap (" + shap.estimator().label() + ")" : method.name();
  }

  /** The detections, filled up to fifty with shifted copies. */
  private static List<Target> many(List<Target> found, Image image) {
    List<Target> all = new ArrayList<>(found);
    for (int i = 0; all.size() < 50; i++) {
      Box box = found.get(i % found.size()).box();
      float shift = i % 7 - 3f;
      Box moved = new Box(box.x1() + shift, box.y1() + shift, box.x2() + shift, box.y2() + shift);
      all.add(
          Target.of(
              moved.clip(image.width(), image.height()), found.get(i % found.size()).classId()));
    }
    return all;
  }

  static double explain(
      Whybox whybox, Image image, List<Target> targets, Method method, int samples) {
    long start = System.nanoTime();
    whybox.explain(
        image, targets, method, Budget.DEFAULT.withSamples(samples), ProgressListener.NONE);
    return (System.nanoTime() - start) * 1e-9;
  }

  private static double detect(Whybox whybox, Image image, int times) {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      whybox.detect(image);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Something that tells how long it took. */
  interface Timed {
    double seconds() throws Exception;
  }

  /** Prints the median of left / right over the rounds, after a first one that does not count. */
  static void print(String what, int rounds, Timed left, Timed right) throws Exception {
    left.seconds();
    right.seconds();
    List<Double> ratios = new ArrayList<>();
    double[] seconds = new double[2];
    for (int i = 0; i < rounds; i++) {
      double a = left.seconds();
      double b = right.seconds();
      seconds[0] += a / rounds;
      seconds[1] += b / rounds;
      ratios.add(a / b);
    }
    Collections.sort(ratios);
    System.out.printf(
        "%-62s %.3f [%.3f, %.3f]   %s s%n",
        what,
        ratios.get(rounds / 2),
        ratios.get(0),
        ratios.get(rounds - 1),
        Arrays.toString(Arrays.stream(seconds).map(s -> Math.round(s * 1e3) / 1e3).toArray()));
  }
}
