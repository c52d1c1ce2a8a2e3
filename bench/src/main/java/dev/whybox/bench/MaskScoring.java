// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.engine.Lane;
import dev.whybox.engine.OrtEngine;
import dev.whybox.engine.Turns;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.DetectorPool;
import dev.whybox.yolo.ModelFile;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The time to score 10 targets on one image against a plain forward pass of the same model, in
 * turn. Arguments: a model such as yolov8n-seg.onnx, a picture, rounds.
 */
final class MaskScoring {
  private static final int TARGETS = 10;

  private MaskScoring() {}

  public static void main(String[] arguments) {
    Image image = Image.read(Path.of(arguments[1]));
    byte[] onnx = ModelFile.read(Path.of(arguments[0]));
    int threads = Runtime.getRuntime().availableProcessors();
    try (OrtEngine engine = new OrtEngine(onnx, arguments[0], threads)) {
      YoloModel model = new YoloModel(engine, arguments[0], "", 0);
      Letterbox letterbox = model.info().letterbox(image);
      List<Detection> found;
      try (DetectorPool pool = new DetectorPool(model, threads, new Turns())) {
        found = pool.detect(image, 0.25f, 0.7f);
      }
      List<Target> targets = new ArrayList<>();
      for (int i = 0; i < TARGETS; i++) {
        targets.add(Target.of(found.get(i % found.size())));
      }
      List<Region> regions =
          targets.stream().<Region>map(target -> target.region().toInput(letterbox)).toList();
      Box frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
      TargetScorer scorer =
          TargetScorer.of(model, targets, regions, frame, TargetSimilarity.PROBABILITY, null);
      try (Lane lane = model.lane(threads)) {
        letterbox.fill(letterbox.content(image), lane.input());
        lane.run();
        TargetScorer.Scratch scratch = scorer.scratch();
        float[] scores = new float[TARGETS];
        scratch.score(lane.outputs(), 0, scores, 0);
        for (int i = 0; i < TARGETS; i++) {
          float wanted = found.get(i % found.size()).score();
          if (Math.abs(scores[i] - wanted) > 1e-3) {
            throw new IllegalStateException("score " + scores[i] + " is not " + wanted);
          }
        }
        int rounds = Integer.parseInt(arguments[2]);
        double[] ratios = new double[rounds];
        for (int round = -rounds; round < rounds; round++) {
          long start = System.nanoTime();
          lane.run();
          long middle = System.nanoTime();
          scratch.score(lane.outputs(), 0, scores, 0);
          long end = System.nanoTime();
          if (round >= 0) { // The first half warms up.
            ratios[round] = (double) (end - middle) / (middle - start);
          }
        }
        Arrays.sort(ratios);
        System.out.printf(
            "%s, %d detections, %d targets: scoring / forward %.3f [%.3f, %.3f]%n",
            image.name(), found.size(), TARGETS, ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
      }
    }
  }
}
