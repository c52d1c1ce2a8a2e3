// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.whybox.blackbox.Estimator.References;
import dev.whybox.cuda.DeviceArray;
import dev.whybox.cuda.KernelTest;
import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code accumulate_rise}, {@code normal_gram} and {@code normal_moments} against the sums of the
 * estimators, to the last bit: both add sample by sample.
 */
class SumsKernelTest extends KernelTest {
  private final Random random = new Random(11);

  private float[] scores(int count) {
    float[] result = new float[count];
    for (int i = 0; i < count; i++) {
      result[i] = random.nextFloat();
    }
    return result;
  }

  /** Lattices of less than a block, just a block (grid 20) and just more (21), and the largest. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0.5",
    "2, 3, 0.5",
    "7, 2, 0.3",
    "16, 1, 0.999",
    "20, 3, 0.5",
    "21, 2, 0.5",
    "64, 1, 0.5"
  })
  void rise(int grid, int targets, double keep) {
    int[] waves = {1, 33, 0, 7};
    long seed = -9;
    int total = Arrays.stream(waves).sum();
    RiseMasks masks = new RiseMasks(50, 40, grid, keep, seed);
    RiseEstimator estimator = new RiseEstimator(masks, targets, total);
    int entries = RiseMasks.PHASES * RiseMasks.PHASES * masks.side() * masks.side();
    DeviceArray plain = array(new double[entries]);
    DeviceArray weighted = array(new double[targets * entries]);
    long first = 0;
    for (int count : waves) {
      float[] scores = scores(count * targets);
      estimator.accept(first, count, scores);
      // The references come first, with scores that must not count.
      int references = first == 0 ? 2 : 0;
      float[] all = new float[(references + count + 1) * targets];
      Arrays.fill(all, Float.NaN);
      System.arraycopy(scores, 0, all, references * targets, scores.length);
      run(
          "accumulate_rise",
          new int[] {ceil(masks.side() * masks.side() + 1, 512), targets + 1},
          new int[] {128, 1},
          array(all),
          wave(first == 0 ? Masks.FULL : first, references + count),
          grid,
          (int) (long) (keep * 0x1p32),
          seed,
          targets,
          plain,
          weighted);
      first += count;
    }
    assertArrayEquals(estimator.plain(), plain.doubles());
    double[] found = weighted.doubles();
    for (int t = 0; t < targets; t++) {
      assertArrayEquals(
          estimator.weighted(t), Arrays.copyOfRange(found, t * entries, (t + 1) * entries));
    }
  }

  /** Players around a block of 16, a word and two; samples around a tile of 64. */
  @ParameterizedTest
  @CsvSource({"2, 1, 1", "15, 3, 63", "16, 16, 64", "17, 17, 65", "33, 2, 130", "100, 50, 20"})
  void shapOfDrawnCoalitions(int players, int targets, int samples) {
    ShapleyCoalitions design = new ShapleyCoalitions(players, 4);
    ShapEstimator estimator = ShapEstimator.sampled(null, design, targets, samples);
    checkShap(estimator, design, targets, samples);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "5, 3", "7, 2"})
  void shapOfAllCoalitions(int players, int targets) {
    AllCoalitions design = new AllCoalitions(players);
    ShapEstimator estimator = ShapEstimator.exact(null, design, targets);
    checkShap(estimator, design, targets, (int) design.count());
  }

  private void checkShap(ShapEstimator estimator, Coalitions design, int targets, int samples) {
    float[] scores = scores(samples * targets);
    References references = new References(scores(targets), scores(targets));
    estimator.accept(0, samples, scores);
    NormalEquations expected = estimator.equations(references);
    check(expected, design, 0, samples, estimator::weight, scores, references.empty());
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "15, 3, 62", "16, 16, 63", "17, 17, 64", "64, 2, 129", "65, 1, 3"})
  void limeWithTheFullImageFirst(int players, int targets, int samples) {
    UniformCoalitions design = new UniformCoalitions(players, 4);
    float[] scores = scores(samples * targets);
    References references = new References(scores(targets), scores(targets));
    LimeEstimator estimator = new LimeEstimator(new Lime(), null, design, targets, samples);
    estimator.accept(0, samples, scores);
    NormalEquations expected =
        estimator.equations(references, new double[players], new double[targets], new double[1]);
    float[] all = Arrays.copyOf(references.full(), (samples + 1) * targets);
    System.arraycopy(scores, 0, all, targets, scores.length);
    check(
        expected,
        design,
        1,
        samples,
        size -> new Lime().weight(size, players),
        all,
        new float[targets]);
  }

  /** In two waves: the kernel adds to what is there. */
  private void check(
      NormalEquations expected,
      Coalitions design,
      int full,
      int samples,
      IntToDoubleFunction weight,
      float[] scores,
      float[] offsets) {
    int players = design.players();
    int targets = offsets.length;
    // The empty coalition, which LIME draws at times, must add nothing.
    double[] weights = new double[players + 1];
    Arrays.setAll(weights, size -> size == 0 ? Double.NaN : weight.applyAsDouble(size));
    DeviceArray gram = array(new double[players * players]);
    DeviceArray moments = array(new double[players * targets]);
    DeviceArray sizeWeights = array(weights);
    int half = (full + samples) / 2;
    for (int[] part : new int[][] {{0, half}, {half, full + samples}}) {
      int count = part[1] - part[0];
      long[] bits = new long[Math.max(1, count) * design.words()];
      long[] row = new long[design.words()];
      for (int i = 0; i < count; i++) {
        int sample = part[0] + i - full;
        if (sample >= 0) {
          design.get(sample, row);
        } else {
          for (int k = 0; k < players; k++) {
            row[k >> 6] |= 1L << k;
          }
        }
        System.arraycopy(row, 0, bits, i * row.length, row.length);
      }
      DeviceArray wave = wave(part[0], count);
      DeviceArray rows = array(bits);
      int blocks = ceil(players, 16);
      int[] block = {16, 16};
      run("normal_gram", new int[] {blocks, blocks}, block, rows, wave, players, sizeWeights, gram);
      run(
          "normal_moments",
          new int[] {blocks, ceil(targets, 16)},
          block,
          rows,
          wave,
          players,
          sizeWeights,
          array(Arrays.copyOfRange(scores, part[0] * targets, Math.max(1, part[1]) * targets)),
          array(offsets),
          targets,
          moments);
    }
    assertArrayEquals(expected.gram(), gram.doubles());
    assertArrayEquals(expected.moments(), moments.doubles());
  }
}
