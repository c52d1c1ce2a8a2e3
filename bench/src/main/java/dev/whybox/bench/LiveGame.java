// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.design.Coalitions;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.OrtEngine;
import dev.whybox.evaluate.CpuEvaluator;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A game that a model plays: up to 8 detections of a picture, the players are the cells of a grid.
 */
final class LiveGame implements AutoCloseable {
  private final OrtEngine engine;
  private final YoloModel model;
  private final Scene scene;
  private final Segments segments;
  private final List<Box> boxes;
  private final TargetScorer scorer;
  private final List<Target> found;
  private final Box frame;
  private final double[][] slopes;
  private final double[][] overlaps;
  private final LanePlan plan = new LanePlan(Runtime.getRuntime().availableProcessors(), 1, 1);

  LiveGame(Path onnx, int size, Path picture, int rows, int columns, Baseline baseline)
      throws IOException {
    byte[] bytes = Files.readAllBytes(onnx);
    Image image = Image.read(picture);
    Options options = Options.DEFAULT.withSize(size);
    List<Target> targets;
    PixelValues[] saliency;
    try (Whybox whybox = Whybox.open(onnx, options)) {
      targets = whybox.detect(image).stream().map(Target::of).limit(8).toList();
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("Nothing is found in " + picture + ".");
      }
      saliency =
          whybox
              .explain(image, targets, new Saliency(), Budget.DEFAULT, ProgressListener.NONE)
              .stream()
              .map(explanation -> (PixelValues) explanation.attribution())
              .toArray(PixelValues[]::new);
    }
    this.engine = new OrtEngine(bytes, onnx.toString(), plan.lanes());
    this.model = new YoloModel(engine, onnx.toString(), "", size);
    Letterbox letterbox =
        Letterbox.of(
            image.width(), image.height(), model.info().inputWidth(), model.info().inputHeight());
    Image content = letterbox.content(image);
    this.boxes = targets.stream().map(target -> letterbox.toInput(target.box())).toList();
    List<Box> inner =
        boxes.stream().map(box -> box.moved(-letterbox.left(), -letterbox.top())).toList();
    this.scene = Scene.of(letterbox, content, baseline.of(content, inner, 0));
    this.segments = Segmentation.grid(rows, columns).of(content);
    this.found = targets;
    this.frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
    this.scorer = TargetScorer.of(model, targets, boxes, frame, TargetSimilarity.PROBABILITY, null);
    this.slopes = new double[targets.size()][segments.count()];
    this.overlaps = new double[targets.size()][segments.count()];
    for (int t = 0; t < slopes.length; t++) {
      measure(saliency[t], inner.get(t), t);
    }
  }

  private void measure(PixelValues saliency, Box box, int target) {
    double[] pixels = new double[segments.count()];
    for (int y = 0; y < segments.height(); y++) {
      for (int x = 0; x < segments.width(); x++) {
        int label = segments.label(x, y);
        pixels[label]++;
        slopes[target][label] += saliency.values()[y * segments.width() + x];
        boolean inside = x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2();
        overlaps[target][label] += inside ? 1 : 0;
      }
    }
    for (int k = 0; k < pixels.length; k++) {
      overlaps[target][k] /= pixels[k];
    }
  }

  int players() {
    return segments.count();
  }

  int targets() {
    return slopes.length;
  }

  /** The picture and its baseline as the model's input. */
  Scene scene() {
    return scene;
  }

  /** The players' pixels. */
  Segments segments() {
    return segments;
  }

  /** The targets' boxes in pixels of the input. */
  List<Box> boxes() {
    return boxes;
  }

  /** Where the picture lies in the input. */
  Box frame() {
    return frame;
  }

  /** A target's class. */
  int classId(int target) {
    return found.get(target).classId();
  }

  /** The sum of the gradient's size over each segment, a row per target. */
  double[][] slopes() {
    return slopes;
  }

  /** The part of each segment inside the target's box, a row per target. */
  double[][] overlaps() {
    return overlaps;
  }

  /** Scores of a design's samples, sample by sample. */
  Session play(Coalitions design) {
    CpuEvaluator evaluator =
        new CpuEvaluator(engine, scene, new SegmentMasks(segments, design), scorer);
    evaluator.use(plan);
    return new Session(evaluator);
  }

  /** A design being played. */
  record Session(CpuEvaluator evaluator) implements AutoCloseable {
    float[] scores(long first, int count) {
      float[] scores = new float[count * evaluator.targets()];
      evaluator.start(first, count, scores).await();
      return scores;
    }

    /** First of the full image, then of the baseline. */
    float[] references() {
      return scores(Masks.FULL, 2);
    }

    @Override
    public void close() {
      evaluator.close();
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
