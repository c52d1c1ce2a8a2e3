// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.engine.FakeEngine;
import dev.whybox.engine.LanePlan;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for every evaluator. The oracle paints each sample with its mask's definition, pixel
 * by pixel, and runs the model function; the drawing of masks and the scores of an output are
 * Whybox's own, which {@code MasksTest}, {@code CoalitionsTest} and {@code ExplainerTest} check.
 */
abstract class EvaluatorContract {
  static final int SIZE = 64;
  static final int CLASSES = 3;
  static final long SEED = 7;

  /** Batches and lanes with tails: one, odd, more than there are samples. */
  static final List<LanePlan> PLANS =
      List.of(new LanePlan(1, 1, 1), new LanePlan(2, 1, 3), new LanePlan(2, 1, 32));

  final Scene scene = scene();
  private final Random random = new Random(3);
  private final float[] weights = weights(3 * 8);

  private static Scene scene() {
    Letterbox letterbox = Letterbox.of(50, 37, SIZE, SIZE);
    Random random = new Random(1);
    byte[] rgb = new byte[3 * 50 * 37];
    random.nextBytes(rgb);
    Image content = letterbox.content(Image.ofRgb(50, 37, rgb));
    return Scene.of(letterbox, content, dev.whybox.image.Baseline.BLUR.of(content, List.of(), 0));
  }

  private float[] weights(int count) {
    float[] result = new float[count];
    for (int i = 0; i < count; i++) {
      result[i] = random.nextFloat();
    }
    return result;
  }

  private static final int CELL = 8;

  /** Boxes and probabilities that depend on the means of 8 × 8 cells, and on all channels. */
  void model(float[] image, float[] output) {
    int anchors = output.length / (4 + CLASSES);
    int plane = SIZE * SIZE;
    for (int a = 0; a < anchors; a++) {
      int side = SIZE / CELL;
      int cell = a % (side * side);
      int x0 = cell % side * CELL;
      int y0 = cell / side * CELL;
      double[] mean = new double[3];
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 8; y++) {
          for (int x = 0; x < 8; x++) {
            mean[channel] += image[channel * plane + (y0 + y) * SIZE + x0 + x] / 64.0;
          }
        }
      }
      output[a] = (float) (x0 + 4 + 4 * mean[0]);
      output[anchors + a] = (float) (y0 + 4 - 4 * mean[1]);
      output[2 * anchors + a] = (float) (20 + 10 * mean[2]);
      output[3 * anchors + a] = (float) (24 - 6 * mean[0]);
      for (int c = 0; c < CLASSES; c++) {
        double sum = 0;
        for (int channel = 0; channel < 3; channel++) {
          sum += mean[channel] * weights[(c * 3 + channel + a) % weights.length];
        }
        output[(4 + c) * anchors + a] = (float) (sum / 3);
      }
    }
  }

  FakeEngine engine() {
    return new FakeEngine(SIZE, CLASSES, this::model);
  }

  /** The evaluator under test, for engines of a batch. */
  abstract Evaluator evaluator(FakeEngine engine, Masks masks, TargetScorer scorer, int batch);

  /** Asked after every test of an evaluator, which is closed. */
  void nothingLeft(FakeEngine engine) {
    assertEquals(0, engine.openLanes());
  }

  static Stream<Masks> masks() {
    Scene scene = scene();
    int width = scene.letterbox().contentWidth();
    int height = scene.letterbox().contentHeight();
    List<Masks> all = new ArrayList<>();
    for (int[] grid : new int[][] {{2, 3}, {5, 7}, {9, 8}}) {
      int players = grid[0] * grid[1];
      Segments segments = grid(width, height, grid[0], grid[1]);
      all.add(new SegmentMasks(segments, new UniformCoalitions(players, SEED)));
      all.add(new SegmentMasks(segments, new ShapleyCoalitions(players, SEED)));
      all.add(new SegmentMasks(segments, new OneLeftOut(players)));
    }
    all.add(new SegmentMasks(grid(width, height, 2, 4), new AllCoalitions(8)));
    all.add(new RiseMasks(width, height, 1, 0.5, SEED));
    all.add(new RiseMasks(width, height, 7, 0.3, -SEED));
    all.add(new RiseMasks(width, height, 16, 0.5, SEED));
    return all.stream();
  }

  private static Segments grid(int width, int height, int rows, int columns) {
    int[] labels = new int[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / width * rows / height * columns + i % width * columns / width;
    }
    return new Segments(width, height, labels, rows * columns, rows, columns);
  }

  /** A design that only this test knows. */
  private record OneLeftOut(int players) implements Coalitions {
    @Override
    public void get(long sample, long[] bits) {
      for (int w = 0; w < words(); w++) {
        bits[w] = 0;
      }
      for (int k = 0; k < players; k++) {
        if (k != sample % players) {
          bits[k >> 6] |= 1L << k;
        }
      }
    }

    @Override
    public Coalitions copy() {
      return this;
    }
  }

  TargetScorer scorer(FakeEngine engine, TargetSimilarity similarity) {
    List<Target> targets =
        List.of(
            Target.of(new Box(5, 5, 30, 30), 0),
            Target.of(new Box(20, 10, 48, 36), 2),
            Target.of(new Box(0, 0, 50, 37), 1));
    List<Box> boxes = targets.stream().map(t -> scene.letterbox().toInput(t.box())).toList();
    Box frame = scene.letterbox().toInput(new Box(0, 0, 50, 37));
    YoloModel model = new YoloModel(engine, "fake", "", 0);
    FloatBuffer output = FloatBuffer.allocate(engine.anchors() * (4 + CLASSES));
    model(scene.image(), output.array());
    return TargetScorer.of(model, targets, boxes, frame, similarity, List.of(output));
  }

  /** The scores that there must be. */
  private float[] expected(
      FakeEngine engine, Masks masks, TargetScorer scorer, long first, int count) {
    float[] scores = new float[count * scorer.targets()];
    float[] output = new float[engine.anchors() * (4 + CLASSES)];
    for (int i = 0; i < count; i++) {
      model(painted(masks, first + i), output);
      scorer.scratch().score(FloatBuffer.wrap(output), 0, scores, i * scorer.targets());
    }
    return scores;
  }

  private float[] painted(Masks masks, long sample) {
    float[] result = scene.baseline().clone();
    int width = scene.letterbox().contentWidth();
    int height = scene.letterbox().contentHeight();
    RiseMasks.Lattice lattice = masks instanceof RiseMasks rise ? rise.lattice() : null;
    long[] bits = new long[16];
    if (sample >= 0 && lattice != null) {
      lattice.draw(sample);
    } else if (sample >= 0) {
      ((SegmentMasks) masks).coalitions().copy().get(sample, bits);
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double mask = sample == Masks.FULL ? 1 : 0;
        if (sample >= 0 && lattice != null) {
          int grid = ((RiseMasks) masks).grid();
          mask =
              lattice.at(
                  (x + 0.5f) * grid / width + lattice.phaseX() / (float) RiseMasks.PHASES,
                  (y + 0.5f) * grid / height + lattice.phaseY() / (float) RiseMasks.PHASES);
        } else if (sample >= 0) {
          int label = ((SegmentMasks) masks).segments().label(x, y);
          mask = bits[label >> 6] >>> label & 1;
        }
        for (int channel = 0; channel < 3; channel++) {
          int i = channel * scene.plane() + scene.rowStart(y) + x;
          double absent = scene.baseline()[i];
          result[i] = (float) (absent + mask * (scene.image()[i] - absent));
        }
      }
    }
    return result;
  }

  @ParameterizedTest
  @MethodSource("masks")
  void scoresAreThoseOfTheDefinition(Masks masks) {
    for (TargetSimilarity similarity : TargetSimilarity.values()) {
      for (LanePlan plan : PLANS) {
        FakeEngine engine = engine();
        TargetScorer scorer = scorer(engine, similarity);
        int count = 23;
        float[] found = new float[count * scorer.targets()];
        try (Evaluator evaluator = evaluator(engine, masks, scorer, plan.batch())) {
          evaluator.use(plan);
          evaluator.start(Masks.FULL, count, found).await();
        }
        float[] expected = expected(engine, masks, scorer, Masks.FULL, count);
        assertArrayEquals(expected, found, 2e-6f, similarity + " " + plan);
        nothingLeft(engine);
      }
    }
  }

  @Test
  void wavesMayOverlapAndEachKeepsItsScores() {
    FakeEngine engine = engine();
    Masks masks = masks().skip(1).findFirst().orElseThrow();
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    float[] left = new float[20 * scorer.targets()];
    float[] right = new float[7 * scorer.targets()];
    try (Evaluator evaluator = evaluator(engine, masks, scorer, 3)) {
      evaluator.use(new LanePlan(2, 1, 3));
      Evaluator.Wave one = evaluator.start(0, 20, left);
      Evaluator.Wave two = evaluator.start(1_000_000_000_000L, 7, right);
      two.await();
      one.await();
    }
    assertArrayEquals(expected(engine, masks, scorer, 0, 20), left, 2e-6f);
    assertArrayEquals(expected(engine, masks, scorer, 1_000_000_000_000L, 7), right, 2e-6f);
    nothingLeft(engine);
  }

  @Test
  void notANumberIsAnError() {
    FakeEngine engine = engine();
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    FakeEngine broken =
        new FakeEngine(
            SIZE,
            CLASSES,
            (image, output) -> {
              model(image, output);
              java.util.Arrays.fill(output, 4 * engine.anchors(), output.length, Float.NaN);
            });
    Masks masks = masks().findFirst().orElseThrow();
    try (Evaluator evaluator = evaluator(broken, masks, scorer, 2)) {
      evaluator.use(new LanePlan(1, 1, 2));
      assertThrows(
          NonFiniteOutput.class,
          () -> evaluator.start(0, 2, new float[2 * scorer.targets()]).await());
    }
    nothingLeft(broken);
  }

  @Test
  void closesTwiceAndUnused() {
    FakeEngine engine = engine();
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    Evaluator evaluator = evaluator(engine, masks().findFirst().orElseThrow(), scorer, 1);
    evaluator.close();
    evaluator.close();
    evaluator.use(new LanePlan(1, 1, 1));
    evaluator.use(new LanePlan(1, 1, 1));
    evaluator.use(new LanePlan(2, 1, 1));
    evaluator.close();
    evaluator.close();
    nothingLeft(engine);
  }
}
