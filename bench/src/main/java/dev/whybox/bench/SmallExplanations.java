// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.blackbox.DRise;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.OrtEngine;
import dev.whybox.evaluate.CpuEvaluators;
import dev.whybox.evaluate.Evaluator;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.Arrays;
import java.util.List;

/**
 * A stream of small explanations: what part of their time is set-up, that is, an evaluator with its
 * threads, lanes and buffers, made and closed. Explanation and set-up are measured in turn.
 * Arguments: explanations (default 1000), samples each (default 16).
 */
public final class SmallExplanations {
  private static final int WARM_UP = 20;

  private SmallExplanations() {}

  /**
   * Runs the program.
   *
   * @param arguments explanations and samples
   */
  public static void main(String[] arguments) {
    int explanations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int samples = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 16;
    int processors = Runtime.getRuntime().availableProcessors();
    Image image = Bench.image();
    double[] whole = new double[explanations];
    double[] setUp = new double[explanations];
    try (Whybox whybox = Bench.open();
        OrtEngine engine = new OrtEngine(Bench.modelBytes(), "benchmark", processors)) {
      ModelInfo info = whybox.model();
      Target target = Target.of(whybox.detect(image).get(0));
      YoloModel model = new YoloModel(engine, "benchmark", "", info.inputWidth());
      Letterbox letterbox =
          Letterbox.of(image.width(), image.height(), info.inputWidth(), info.inputHeight());
      Image content = letterbox.content(image);
      Scene scene = Scene.of(letterbox, content, Baseline.MEAN.of(content, List.of(), 0));
      Masks masks = new RiseMasks(content.width(), content.height(), 16, 0.5, 0);
      TargetScorer scorer = scorer(model, target, letterbox, image);
      CpuEvaluators evaluators = CpuEvaluators.of(model, processors, 0);
      LanePlan plan = new LanePlan(processors, 1, 1);
      for (int i = -WARM_UP; i < explanations; i++) {
        double explained = Ratios.explain(whybox, image, List.of(target), new DRise(), samples);
        double prepared = setUp(evaluators, scene, masks, scorer, plan);
        if (i >= 0) {
          whole[i] = explained;
          setUp[i] = prepared;
        }
      }
    }
    System.out.printf(
        "%d explanations of %d samples: %.2f s, of which set-up %.3f s, %.2f %%%n",
        explanations,
        samples,
        Arrays.stream(whole).sum(),
        Arrays.stream(setUp).sum(),
        100 * Arrays.stream(setUp).sum() / Arrays.stream(whole).sum());
    System.out.printf(
        "median of an explanation %.2f ms, of a set-up %.3f ms; the slowest set-up %.3f ms%n",
        1e3 * median(whole), 1e3 * median(setUp), 1e3 * Arrays.stream(setUp).max().orElseThrow());
  }

  private static TargetScorer scorer(
      YoloModel model, Target target, Letterbox letterbox, Image image) {
    Box frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
    List<Region> regions = List.of(target.region().toInput(letterbox));
    return TargetScorer.of(
        model, List.of(target), regions, frame, TargetSimilarity.PROBABILITY, null);
  }

  private static double setUp(
      CpuEvaluators evaluators, Scene scene, Masks masks, TargetScorer scorer, LanePlan plan) {
    long start = System.nanoTime();
    try (Evaluator evaluator = evaluators.of(scene, masks, scorer)) {
      evaluator.use(plan);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
