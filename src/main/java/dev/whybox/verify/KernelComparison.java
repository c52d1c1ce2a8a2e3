// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.cuda.KernelModule;
import dev.whybox.cuda.Launch;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.error.Resources;
import dev.whybox.evaluate.CudaScene;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.yolo.TargetScorer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Compares Whybox's kernels with the Java code that must give the same results. */
final class KernelComparison {
  /** Not a multiple of 16 or 32, so that the kernels' last tiles are only partly filled. */
  private static final int SAMPLES = 37;

  private static final int COALITION_BLOCK = 32;
  private static final int LATTICE_POINTS = 512;
  private static final int LATTICE_BLOCK = 128;
  private static final int GRAM_BLOCK = 16;

  private final CudaDevice device;
  private final KernelModule kernels;
  private final Scene scene;
  private final TargetScorer scorer;

  /**
   * Makes a comparison.
   *
   * @param device the GPU
   * @param kernels Whybox's kernels on this GPU
   * @param scene an image and its baseline
   * @param scorer scores the targets on the CPU
   */
  public KernelComparison(
      CudaDevice device, KernelModule kernels, Scene scene, TargetScorer scorer) {
    this.device = device;
    this.kernels = kernels;
    this.scene = scene;
    this.scorer = scorer;
  }

  /** One run of a kernel, with its memory and the scene on the GPU. */
  private final class Trial implements AutoCloseable {
    private final Resources resources = new Resources();
    private final CudaStream stream;
    private final CudaScene uploaded;
    private final DeviceMemory wave;

    Trial(Masks masks, long first, int count) {
      device.use();
      try {
        stream = resources.add(new CudaStream(device));
        uploaded = resources.add(new CudaScene(device, scene, masks, scorer));
        wave = upload(new LongPointer(first, count), "the wave");
      } catch (RuntimeException | Error e) {
        Resources.closeAfter(e, this);
        throw e;
      }
    }

    DeviceMemory upload(Pointer source, String what) {
      try (source) {
        return resources.add(DeviceMemory.of(device, source, what));
      }
    }

    DeviceMemory zeros(long bytes) {
      return resources.add(new DeviceMemory(device, bytes, "a result")).clear();
    }

    void launch(String name, int[] grid, int[] block, Object... parameters) {
      go(kernels.launch(name, grid, block, parameters));
    }

    void go(Launch launch) {
      try (launch) {
        launch.on(stream);
        stream.await();
      }
    }

    float[] floats(DeviceMemory memory) {
      float[] result = new float[(int) (memory.bytes() / Float.BYTES)];
      try (FloatPointer host = new FloatPointer(result.length)) {
        memory.read(host);
        host.get(result);
      }
      return result;
    }

    float[] halves(DeviceMemory memory) {
      short[] bits = new short[(int) (memory.bytes() / Short.BYTES)];
      try (ShortPointer host = new ShortPointer(bits.length)) {
        memory.read(host);
        host.get(bits);
      }
      float[] result = new float[bits.length];
      for (int i = 0; i < bits.length; i++) {
        result[i] = Fp16Conversions.fp16ToFloat(bits[i]);
      }
      return result;
    }

    double[] doubles(DeviceMemory memory) {
      double[] result = new double[(int) (memory.bytes() / Double.BYTES)];
      try (DoublePointer host = new DoublePointer(result.length)) {
        memory.read(host);
        host.get(result);
      }
      return result;
    }

    @Override
    public void close() {
      resources.close();
    }
  }

  /**
   * Compares the perturbed images of some samples, the full image and the baseline included.
   *
   * @param masks masks of segments, or RISE masks
   * @param half whether the GPU writes float16
   * @return the largest difference of a pixel's value; values are in [0,1]
   */
  public double perturb(Masks masks, boolean half) {
    int count = Math.min(SAMPLES, 2 + samples(masks));
    try (Trial trial = new Trial(masks, Masks.FULL, count)) {
      Coalitions given = trial.uploaded.givenCoalitions();
      DeviceMemory bits =
          given == null
              ? null
              : trial.upload(new LongPointer(bits(given, Masks.FULL, count)), "coalitions");
      long bytes = half ? Short.BYTES : Float.BYTES;
      DeviceMemory input = trial.zeros(bytes * count * scene.size());
      trial.go(trial.uploaded.perturb(kernels, half, trial.wave, bits, input));
      float[] found = half ? trial.halves(input) : trial.floats(input);
      float[] expected = new float[found.length];
      Masks.Painter painter = masks.painter(scene);
      for (int i = 0; i < count; i++) {
        painter.paint(Masks.FULL + i, FloatBuffer.wrap(expected), i * scene.size());
      }
      return difference(expected, found);
    }
  }

  private static int samples(Masks masks) {
    return masks instanceof SegmentMasks segments
            && segments.coalitions() instanceof ChosenCoalitions chosen
        ? chosen.count()
        : SAMPLES;
  }

  /** Coalitions, one per row; the rows of the full image and the baseline are 0. */
  private static long[] bits(Coalitions coalitions, long first, int count) {
    int words = coalitions.words();
    long[] all = new long[count * words];
    long[] row = new long[words];
    for (int i = 0; i < count; i++) {
      if (first + i >= 0) {
        coalitions.get(first + i, row);
        System.arraycopy(row, 0, all, i * words, words);
      }
    }
    return all;
  }

  /**
   * Compares the coalitions of a design that the GPU can draw.
   *
   * @param segments the segments and the design
   * @return the number of 64-bit words that differ
   */
  public double coalitions(SegmentMasks segments) {
    Coalitions design = segments.coalitions();
    long[] expected = bits(design, 0, SAMPLES);
    long[] found = new long[expected.length];
    try (Trial trial = new Trial(segments, 0, SAMPLES);
        LongPointer host = new LongPointer(found.length)) {
      DeviceMemory bits = trial.zeros((long) Long.BYTES * found.length);
      trial.launch(
          "coalitions",
          new int[] {(SAMPLES + COALITION_BLOCK - 1) / COALITION_BLOCK, 1},
          new int[] {COALITION_BLOCK, 1},
          trial.wave,
          trial.uploaded.design(),
          design.players(),
          trial.uploaded.seed(),
          trial.uploaded.limits(),
          bits);
      bits.read(host);
      host.get(found);
    }
    int wrong = 0;
    for (int i = 0; i < found.length; i++) {
      wrong += found[i] == expected[i] ? 0 : 1;
    }
    return wrong;
  }

  /**
   * Compares the scores of artificial heads with boxes all over the input.
   *
   * @param masks any masks
   * @param half whether the heads are float16
   * @return the largest difference of a score; scores are in [0,1]
   */
  public double score(Masks masks, boolean half) {
    TargetScorer.Parameters targets = scorer.device().orElseThrow();
    int count = 3;
    float[] heads = heads(targets, count);
    short[] halves = new short[heads.length];
    for (int i = 0; half && i < heads.length; i++) {
      halves[i] = Fp16Conversions.floatToFp16(heads[i]);
      heads[i] = Fp16Conversions.fp16ToFloat(halves[i]); // Both get the rounded numbers.
    }
    float[] expected = new float[count * scorer.targets()];
    TargetScorer.Scratch scratch = scorer.scratch();
    for (int i = 0; i < count; i++) {
      scratch.score(FloatBuffer.wrap(heads), i, expected, i * scorer.targets());
    }
    try (Trial trial = new Trial(masks, 0, count)) {
      DeviceMemory output =
          trial.upload(half ? new ShortPointer(halves) : new FloatPointer(heads), "heads");
      DeviceMemory scores = trial.zeros((long) Float.BYTES * expected.length);
      trial.go(trial.uploaded.score(kernels, half, trial.wave, output, scores, count));
      return difference(expected, trial.floats(scores));
    }
  }

  private float[] heads(TargetScorer.Parameters targets, int count) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    int rows = targets.rows();
    int anchors = targets.anchors();
    float side = Math.max(scene.letterbox().inputWidth(), scene.letterbox().inputHeight());
    float[] heads = new float[count * rows * anchors];
    for (int i = 0; i < count; i++) {
      for (int row = 0; row < rows; row++) {
        for (int anchor = 0; anchor < anchors; anchor++) {
          int at = targets.anchorsFirst() ? anchor * rows + row : row * anchors + anchor;
          float scale = row < 4 ? side : 1;
          heads[i * rows * anchors + at] = (float) random.nextDouble() * scale;
        }
      }
    }
    return heads;
  }

  /**
   * Compares D-RISE's sums over some samples with artificial scores.
   *
   * @param rise the masks
   * @return the largest difference of a sum, divided by the number of samples
   */
  public double accumulate(RiseMasks rise) {
    int targets = scorer.targets();
    int points = rise.side() * rise.side();
    int phases = RiseMasks.PHASES * RiseMasks.PHASES;
    float[] scores = scores(targets);
    double[] plain = new double[phases * points];
    double[] weighted = new double[targets * phases * points];
    RiseMasks.Lattice lattice = rise.lattice();
    for (int i = 0; i < SAMPLES; i++) {
      lattice.draw(i);
      int start = (lattice.phaseY() * RiseMasks.PHASES + lattice.phaseX()) * points;
      for (int k = 0; k < points; k++) {
        plain[start + k] += lattice.points()[k];
        for (int t = 0; t < targets; t++) {
          weighted[t * phases * points + start + k] +=
              (double) scores[i * targets + t] * lattice.points()[k];
        }
      }
    }
    try (Trial trial = new Trial(rise, 0, SAMPLES)) {
      DeviceMemory given = trial.upload(new FloatPointer(scores), "scores");
      DeviceMemory plainSums = trial.zeros((long) Double.BYTES * plain.length);
      DeviceMemory weightedSums = trial.zeros((long) Double.BYTES * weighted.length);
      trial.launch(
          "accumulate_rise",
          new int[] {(points + 1 + LATTICE_POINTS - 1) / LATTICE_POINTS, targets + 1},
          new int[] {LATTICE_BLOCK, 1},
          given,
          trial.wave,
          rise.grid(),
          (int) rise.threshold(),
          rise.seed(),
          targets,
          plainSums,
          weightedSums);
      return Math.max(
              difference(plain, trial.doubles(plainSums)),
              difference(weighted, trial.doubles(weightedSums)))
          / SAMPLES;
    }
  }

  /**
   * Compares the sums of a least-squares fit over some samples with artificial scores.
   *
   * @param segments the segments and the design
   * @return the largest difference of a sum, divided by the number of samples
   */
  public double normalEquations(SegmentMasks segments) {
    int players = segments.coalitions().players();
    int targets = scorer.targets();
    float[] scores = scores(targets);
    float[] offsets = new float[targets];
    double[] sizeWeights = new double[players + 1];
    for (int size = 0; size <= players; size++) {
      sizeWeights[size] = 1.0 / (1 + size);
    }
    long[] bits = bits(segments.coalitions(), 0, SAMPLES);
    int words = segments.coalitions().words();
    double[] gram = new double[players * players];
    double[] moments = new double[players * targets];
    for (int i = 0; i < SAMPLES; i++) {
      int size = 0;
      for (int w = 0; w < words; w++) {
        size += Long.bitCount(bits[i * words + w]);
      }
      for (int a = 0; a < players; a++) {
        if (!member(bits, i * words, a)) {
          continue;
        }
        for (int b = a; b < players; b++) {
          gram[a * players + b] += member(bits, i * words, b) ? sizeWeights[size] : 0;
        }
        for (int t = 0; t < targets; t++) {
          moments[a * targets + t] += sizeWeights[size] * scores[i * targets + t];
        }
      }
    }
    int blocks = (players + GRAM_BLOCK - 1) / GRAM_BLOCK;
    int[] block = {GRAM_BLOCK, GRAM_BLOCK};
    try (Trial trial = new Trial(segments, 0, SAMPLES)) {
      DeviceMemory rows = trial.upload(new LongPointer(bits), "coalitions");
      DeviceMemory weights = trial.upload(new DoublePointer(sizeWeights), "weights");
      DeviceMemory given = trial.upload(new FloatPointer(scores), "scores");
      DeviceMemory zero = trial.upload(new FloatPointer(offsets), "offsets");
      DeviceMemory gramSums = trial.zeros((long) Double.BYTES * gram.length);
      DeviceMemory momentSums = trial.zeros((long) Double.BYTES * moments.length);
      trial.launch(
          "normal_gram",
          new int[] {blocks, blocks},
          block,
          rows,
          trial.wave,
          players,
          weights,
          gramSums);
      trial.launch(
          "normal_moments",
          new int[] {blocks, (targets + GRAM_BLOCK - 1) / GRAM_BLOCK},
          block,
          rows,
          trial.wave,
          players,
          weights,
          given,
          zero,
          targets,
          momentSums);
      return Math.max(
              difference(gram, trial.doubles(gramSums)),
              difference(moments, trial.doubles(momentSums)))
          / SAMPLES;
    }
  }

  private static boolean member(long[] bits, int start, int player) {
    return (bits[start + player / 64] >>> (player % 64) & 1) == 1;
  }

  private static float[] scores(int targets) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(11);
    float[] scores = new float[SAMPLES * targets];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextDouble();
    }
    return scores;
  }

  /** The largest difference; NaN if a value is NaN. */
  private static double difference(float[] expected, float[] found) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) expected[i] - found[i]));
    }
    return largest;
  }

  private static double difference(double[] expected, double[] found) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - found[i]));
    }
    return largest;
  }
}
