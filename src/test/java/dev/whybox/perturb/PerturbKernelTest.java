// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.cuda.DeviceArray;
import dev.whybox.cuda.KernelTest;
import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.graph.HalfBits;
import dev.whybox.image.Baseline;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code perturb_*} against the painters of {@link SegmentMasks} and {@link RiseMasks}, bit for
 * bit.
 */
class PerturbKernelTest extends KernelTest {
  private static final int BLOCK = 256;
  private static final long SEED = -3;

  /** A value that no sample writes: all bits are set, which is NaN. */
  private static final short UNTOUCHED = -1;

  private static Scene scene(int width, int height, int inputWidth, int inputHeight) {
    Letterbox letterbox = Letterbox.of(width, height, inputWidth, inputHeight);
    byte[] rgb = new byte[3 * width * height];
    new Random(width).nextBytes(rgb);
    Image content = letterbox.content(Image.ofRgb(width, height, rgb));
    return Scene.of(letterbox, content, Baseline.BLUR.of(content, List.of(), 0));
  }

  private static Segments segments(Scene scene, int wanted) {
    int width = scene.letterbox().contentWidth();
    int height = scene.letterbox().contentHeight();
    int count = Math.min(wanted, width * height);
    int[] labels = new int[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i * 7 % labels.length % count;
    }
    for (int k = 0; k < count; k++) {
      labels[k] = k; // Each has a pixel.
    }
    return new Segments(width, height, labels, count, 0, 0);
  }

  private static short[] labels(Scene scene, Segments segments) {
    short[] labels = new short[scene.plane()];
    Arrays.fill(labels, (short) 0xffff);
    for (int y = 0; y < segments.height(); y++) {
      for (int x = 0; x < segments.width(); x++) {
        labels[scene.rowStart(y) + x] = (short) segments.label(x, y);
      }
    }
    return labels;
  }

  /** The images that Java paints for the wave, as floats; the rest of the batch is left out. */
  private static float[] painted(Scene scene, Masks masks, long first, int count) {
    FloatBuffer input = FloatBuffer.allocate(count * scene.size());
    Masks.Painter painter = masks.painter(scene);
    for (int i = 0; i < count; i++) {
      painter.paint(first + i, input, i * scene.size());
    }
    return input.array();
  }

  private void check(float[] expected, DeviceArray f32, DeviceArray f16, String where) {
    float[] floats = f32.floats();
    short[] halves = f16.shorts();
    for (int i = 0; i < floats.length; i++) {
      boolean written = i < expected.length;
      int bits = written ? Float.floatToRawIntBits(expected[i]) : -1;
      if (bits != Float.floatToRawIntBits(floats[i])) {
        assertEquals(written ? expected[i] : Float.NaN, floats[i], where + ", float " + i);
      }
      short half = written ? HalfBits.of(expected[i]) : UNTOUCHED;
      if (half != halves[i]) {
        assertEquals(half, halves[i], where + ", half " + i);
      }
    }
  }

  private DeviceArray untouchedFloats(int count) {
    float[] values = new float[count];
    Arrays.fill(values, Float.intBitsToFloat(-1));
    return array(values);
  }

  private DeviceArray untouchedHalves(int count) {
    short[] values = new short[count];
    Arrays.fill(values, UNTOUCHED);
    return array(values);
  }

  /** Planes with and without tails of 4 and 8 pixels and of 256 groups; tiles of 32 images. */
  @ParameterizedTest
  @CsvSource({
    "50, 37, 64, 64, 35, 31",
    "50, 37, 64, 64, 33, 32",
    "9, 7, 37, 29, 64, 33",
    "9, 7, 37, 29, 65, 65",
    "5, 5, 8, 3, 2, 1",
    "1, 1, 1, 1, 2, 3",
    "60, 60, 33, 31, 1024, 4",
    "40, 40, 36, 30, 6, 34",
  })
  void segments(int width, int height, int inputWidth, int inputHeight, int wanted, int count) {
    Scene scene = scene(width, height, inputWidth, inputHeight);
    Segments segments = segments(scene, wanted);
    int players = segments.count();
    if (players < 2) {
      check(scene, segments, new UniformCoalitions(players, SEED), count);
      return;
    }
    ShapleyCoalitions shapley = new ShapleyCoalitions(players, SEED);
    check(scene, segments, new UniformCoalitions(players, SEED), count);
    check(scene, segments, shapley, count);
    if (players <= 12 && (1 << players) - 2 >= count) {
      check(scene, segments, new AllCoalitions(players), count);
    }
    check(scene, segments, ChosenByHost.of(shapley), count);
  }

  /** A design that the kernel cannot draw; it gets the bits. */
  private record ChosenByHost(Coalitions design) implements Coalitions {
    static ChosenByHost of(Coalitions design) {
      return new ChosenByHost(design);
    }

    @Override
    public int players() {
      return design.players();
    }

    @Override
    public void get(long sample, long[] bits) {
      design.get(sample, bits);
    }

    @Override
    public Coalitions copy() {
      return new ChosenByHost(design.copy());
    }
  }

  private void check(Scene scene, Segments segments, Coalitions design, int count) {
    int number =
        design instanceof UniformCoalitions
            ? 1
            : design instanceof ShapleyCoalitions ? 2 : design instanceof AllCoalitions ? 3 : 0;
    Masks masks = new SegmentMasks(segments, design);
    DeviceArray labels = array(labels(scene, segments));
    DeviceArray image = array(scene.image());
    DeviceArray baseline = array(scene.baseline());
    DeviceArray limits =
        design instanceof ShapleyCoalitions shapley ? array(shapley.sizeLimits()) : null;
    int rows = 1;
    for (long first : number == 3 ? new long[] {0, Masks.FULL} : new long[] {5, Masks.FULL}) {
      DeviceArray f32 = untouchedFloats((count + 1) * scene.size());
      DeviceArray f16 = untouchedHalves((count + 1) * scene.size());
      for (int pixels = 4; pixels <= 8; pixels += 4) {
        run(
            pixels == 4 ? "perturb_segments_f32" : "perturb_segments_f16",
            new int[] {ceil(ceil(scene.plane(), pixels), BLOCK), rows},
            new int[] {BLOCK, 1},
            image,
            baseline,
            labels,
            scene.plane(),
            wave(first, count),
            number,
            design.players(),
            SEED,
            number == 0 ? array(bits(design, first, count)) : null,
            limits,
            pixels == 4 ? f32 : f16);
      }
      check(painted(scene, masks, first, count), f32, f16, design + " from " + first);
      rows++;
    }
    free();
  }

  private static long[] bits(Coalitions design, long first, int count) {
    long[] all = new long[count * design.words()];
    long[] row = new long[design.words()];
    for (int i = 0; i < count; i++) {
      if (first + i >= 0) {
        design.get(first + i, row);
        System.arraycopy(row, 0, all, i * row.length, row.length);
      }
    }
    return all;
  }

  /** Rows with and without tails; tiles of 16 images; lattices from the smallest to the largest. */
  @ParameterizedTest
  @CsvSource({
    "50, 37, 64, 64, 16, 0.5, 17",
    "37, 50, 64, 64, 7, 0.3, 16",
    "9, 7, 37, 29, 1, 0.5, 15",
    "9, 7, 37, 29, 64, 0.999, 33",
    "5, 5, 8, 3, 2, 0.001, 1",
    "1, 1, 1, 1, 1, 0.5, 3",
    "300, 3, 257, 5, 31, 0.5, 2",
    "3, 300, 5, 257, 64, 0.5, 2",
  })
  void rise(
      int width, int height, int inputWidth, int inputHeight, int grid, double keep, int count) {
    Scene scene = scene(width, height, inputWidth, inputHeight);
    Letterbox letterbox = scene.letterbox();
    RiseMasks masks =
        new RiseMasks(letterbox.contentWidth(), letterbox.contentHeight(), grid, keep, SEED);
    DeviceArray image = array(scene.image());
    DeviceArray baseline = array(scene.baseline());
    int rows = 1;
    for (long first : new long[] {Masks.FULL, 0, (1L << 33) + 1}) {
      DeviceArray f32 = untouchedFloats((count + 1) * scene.size());
      DeviceArray f16 = untouchedHalves((count + 1) * scene.size());
      for (int pixels = 4; pixels <= 8; pixels += 4) {
        run(
            pixels == 4 ? "perturb_rise_f32" : "perturb_rise_f16",
            new int[] {ceil(inputHeight * ceil(inputWidth, pixels), BLOCK), rows},
            new int[] {BLOCK, 1},
            image,
            baseline,
            inputWidth,
            inputHeight,
            letterbox.left(),
            letterbox.top(),
            masks.width(),
            masks.height(),
            wave(first, count),
            grid,
            (int) masks.threshold(),
            SEED,
            pixels == 4 ? f32 : f16);
      }
      check(painted(scene, masks, first, count), f32, f16, "grid " + grid + " from " + first);
      rows++;
    }
  }
}
