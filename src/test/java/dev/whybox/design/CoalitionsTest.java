// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class CoalitionsTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 12})
  void allCoalitionsComeOnceEach(int players) {
    AllCoalitions design = new AllCoalitions(players);
    assertEquals((1L << players) - 2, design.count());
    Set<Long> seen = new HashSet<>();
    long[] bits = new long[1];
    for (long i = 0; i < design.count(); i++) {
      design.get(i, bits);
      assertTrue(bits[0] > 0 && bits[0] < (1L << players) - 1, "proper coalition");
      seen.add(bits[0]);
    }
    assertEquals(design.count(), seen.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 63, 64, 65, 130})
  void shapleyCoalitionsArePairsOfProperCoalitions(int players) {
    ShapleyCoalitions design = new ShapleyCoalitions(players, 7);
    long[] bits = new long[design.words()];
    long[] complement = new long[design.words()];
    for (long i = 0; i < 200; i += 2) {
      design.get(i, bits);
      design.get(i + 1, complement);
      int size = 0;
      int other = 0;
      for (int w = 0; w < bits.length; w++) {
        assertEquals(0, bits[w] & complement[w]);
        size += Long.bitCount(bits[w]);
        other += Long.bitCount(complement[w]);
      }
      assertEquals(players, size + other);
      assertTrue(size > 0 && other > 0);
    }
  }

  @Test
  void shapleyCoalitionSizesFollowTheKernel() {
    int players = 6;
    int draws = 40_000;
    int[] sizes = new int[players];
    int[] members = new int[players];
    ShapleyCoalitions design = new ShapleyCoalitions(players, 1);
    long[] bits = new long[1];
    for (long i = 0; i < draws; i++) {
      design.get(i, bits);
      sizes[Long.bitCount(bits[0])]++;
      for (int k = 0; k < players; k++) {
        members[k] += (int) (bits[0] >> k & 1);
      }
    }
    // 1/(k(6−k)) for k = 1..5 is 1/5, 1/8, 1/9, 1/8, 1/5: shares of their sum 0.76111.
    double[] expected = {0, 0.26277, 0.16423, 0.14599, 0.16423, 0.26277};
    for (int k = 1; k < players; k++) {
      assertEquals(expected[k], (double) sizes[k] / draws, 0.01, "size " + k);
    }
    for (int count : members) {
      assertEquals(0.5, (double) count / draws, 0.001, "pairs keep each player in half of all");
    }
  }

  @Test
  void uniformCoalitionsKeepHalfAndNothingPastTheLastPlayer() {
    UniformCoalitions design = new UniformCoalitions(70, 3);
    long[] bits = new long[design.words()];
    long kept = 0;
    for (int i = 0; i < 2000; i++) {
      design.get(i, bits);
      assertEquals(0, bits[1] >>> 6);
      kept += Long.bitCount(bits[0]) + Long.bitCount(bits[1]);
    }
    assertEquals(0.5, kept / (2000.0 * 70), 0.01);
  }

  @Test
  void designsArePureFunctionsOfSeedAndSample() {
    long[] first = new long[2];
    long[] again = new long[2];
    long[] otherSeed = new long[2];
    for (Coalitions design :
        new Coalitions[] {new ShapleyCoalitions(100, 5), new UniformCoalitions(100, 5)}) {
      design.get(41, first);
      design.get(3, again);
      Coalitions copy = design.copy();
      copy.get(41, again);
      assertArrayEquals(first, again);
    }
    new UniformCoalitions(100, 6).get(41, otherSeed);
    assertNotEquals(first[0], otherSeed[0]);
  }
}
