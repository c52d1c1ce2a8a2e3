// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Whybox;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.engine.Lane;
import dev.whybox.engine.OrtEngine;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one sample costs besides its forward: painting and scoring. Run with {@code -prof gc}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class SampleBenchmark {
  private OrtEngine engine;
  private Lane lane;
  private Masks.Painter grid;
  private Masks.Painter superpixels;
  private Masks.Painter rise;
  private TargetScorer.Scratch one;
  private TargetScorer.Scratch fifty;
  private final float[] scores = new float[50];
  private long sample;

  /** Prepares a scene and runs it once, so that there is an output to score. */
  @Setup
  public void open() {
    ModelInfo info;
    try (Whybox whybox = Bench.open()) {
      info = whybox.model();
    }
    engine = new OrtEngine(Bench.modelBytes(), "benchmark", 1);
    YoloModel model = new YoloModel(engine, "benchmark", "", info.inputWidth());
    Image image = Bench.image();
    Letterbox letterbox =
        Letterbox.of(image.width(), image.height(), info.inputWidth(), info.inputHeight());
    Image content = letterbox.content(image);
    Scene scene = Scene.of(letterbox, content, Baseline.BLUR.of(content, List.of(), 0));
    grid = painter(scene, content, Segmentation.grid(8, 8));
    superpixels = painter(scene, content, Segmentation.slic(64));
    rise = new RiseMasks(content.width(), content.height(), 16, 0.5, 0).painter(scene);
    lane = engine.lane(1, info.inputHeight(), info.inputWidth(), 1);
    rise.paint(Masks.FULL, lane.input(), 0);
    lane.run();
    one = scorer(model, letterbox, 1);
    fifty = scorer(model, letterbox, 50);
  }

  private static Masks.Painter painter(Scene scene, Image content, Segmentation segmentation) {
    Segments segments = segmentation.of(content);
    return new SegmentMasks(segments, new ShapleyCoalitions(segments.count(), 0)).painter(scene);
  }

  private static TargetScorer.Scratch scorer(YoloModel model, Letterbox letterbox, int targets) {
    Box frame = new Box(0, 0, letterbox.inputWidth(), letterbox.inputHeight());
    List<Region> boxes =
        IntStream.range(0, targets)
            .<Region>mapToObj(t -> new Box(t, t, 100 + 3f * t, 90 + 2f * t))
            .toList();
    int classes = model.info().names().size();
    List<Target> asked =
        IntStream.range(0, targets)
            .mapToObj(t -> Target.of((Box) boxes.get(t), t % classes))
            .toList();
    return TargetScorer.of(model, asked, boxes, frame, TargetSimilarity.PROBABILITY, null)
        .scratch();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    lane.close();
    engine.close();
  }

  /** A coalition of an 8×8 grid. */
  @Benchmark
  public void paintGrid() {
    grid.paint(sample++, lane.input(), 0);
  }

  /** A coalition of 64 superpixels. */
  @Benchmark
  public void paintSuperpixels() {
    superpixels.paint(sample++, lane.input(), 0);
  }

  /** A RISE mask. */
  @Benchmark
  public void paintRise() {
    rise.paint(sample++, lane.input(), 0);
  }

  /** The score of one target. */
  @Benchmark
  public float scoreOne() {
    one.score(lane.outputs(), 0, scores, 0);
    return scores[0];
  }

  /** The scores of fifty targets. */
  @Benchmark
  public float scoreFifty() {
    fifty.score(lane.outputs(), 0, scores, 0);
    return scores[0];
  }
}
