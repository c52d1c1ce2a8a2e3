// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.cuda.DeviceArray;
import dev.whybox.cuda.KernelTest;
import dev.whybox.perturb.Masks;
import dev.whybox.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code coalitions} against the designs of this package, bit for bit. */
class CoalitionsKernelTest extends KernelTest {
  private static final int UNIFORM = 1;
  private static final int SHAPLEY = 2;
  private static final int ALL = 3;
  private static final long UNTOUCHED = 0x0123456789abcdefL;

  /** Waves smaller than a block, equal to it and larger; the last one does not fill the batch. */
  private static final int[][] COUNTS = {{1, 1}, {31, 31}, {32, 32}, {33, 33}, {65, 70}, {0, 3}};

  private static final long[] FIRSTS = {
    Masks.FULL, Masks.EMPTY, 0, 1, (1L << 32) - 3, 1_000_000_000_001L
  };

  private void compare(int design, long seed, Coalitions coalitions, long[] limits) {
    int words = coalitions.words();
    long last = coalitions instanceof AllCoalitions all ? all.count() : Long.MAX_VALUE;
    for (int[] count : COUNTS) {
      for (long first : FIRSTS) {
        if (first + count[0] > last) {
          continue;
        }
        long[] expected = new long[count[1] * words];
        Arrays.fill(expected, UNTOUCHED);
        long[] bits = new long[words];
        for (int i = 0; i < count[0]; i++) {
          draw(coalitions, first + i, bits);
          System.arraycopy(bits, 0, expected, i * words, words);
        }
        long[] start = new long[expected.length];
        Arrays.fill(start, UNTOUCHED);
        DeviceArray found = array(start);
        run(
            "coalitions",
            new int[] {ceil(count[1], 32), 1},
            new int[] {32, 1},
            wave(first, count[0]),
            design,
            coalitions.players(),
            seed,
            limits == null ? null : array(limits),
            found);
        assertArrayEquals(
            expected, found.longs(), coalitions + ", " + count[0] + " samples from " + first);
      }
    }
    free();
  }

  private static void draw(Coalitions coalitions, long sample, long[] bits) {
    if (sample >= 0) {
      coalitions.get(sample, bits);
      return;
    }
    Arrays.fill(bits, 0);
    for (int k = 0; sample == Masks.FULL && k < coalitions.players(); k++) {
      bits[k >> 6] |= 1L << k;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1023, 1024})
  void uniform(int players) {
    compare(UNIFORM, 7, new UniformCoalitions(players, 7), null);
    compare(UNIFORM, -1, new UniformCoalitions(players, -1), null);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1023, 1024})
  void shapley(int players) {
    for (long seed : new long[] {7, Long.MIN_VALUE}) {
      ShapleyCoalitions design = new ShapleyCoalitions(players, seed);
      compare(SHAPLEY, seed, design, design.sizeLimits());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 29, 30})
  void all(int players) {
    compare(ALL, 0, new AllCoalitions(players), null);
  }

  /** A draw equal to a limit belongs to the next size; a draw one less does not. */
  @Test
  void limitsAreWhereSizesChange() {
    long seed = 5;
    Philox random = new Philox(seed, 2);
    for (int players : new int[] {2, 3, 33, 64}) {
      for (int above = 0; above < players - 1; above++) {
        long pair = 10L + above;
        random.seek(pair);
        long draw = Integer.toUnsignedLong(random.next());
        long[] limits = new long[players - 1];
        for (int i = 0; i < limits.length; i++) {
          limits[i] = i < above ? draw : draw + 1;
        }
        limits[limits.length - 1] = 1L << 32;
        DeviceArray bits = array(new long[2]);
        run(
            "coalitions",
            new int[] {1, 1},
            new int[] {32, 1},
            wave(2 * pair, 2),
            SHAPLEY,
            players,
            seed,
            array(limits),
            bits);
        assertEquals(above + 1, Long.bitCount(bits.longs()[0]), "even, of " + players);
        assertEquals(players - above - 1, Long.bitCount(bits.longs()[1]), "its complement");
      }
    }
  }
}
