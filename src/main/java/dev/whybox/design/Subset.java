// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import dev.whybox.random.Philox;
import java.util.Arrays;

/** Coalitions as words of bits: uniform draws of a given size, and complements. */
final class Subset {
  private Subset() {}

  /** Draws a random subset of a given size by Floyd's method: one draw per member, no retries. */
  static void draw(Philox random, int players, int size, long[] bits) {
    Arrays.fill(bits, 0, words(players), 0);
    for (int top = players - size; top < players; top++) {
      int member = random.below(top + 1);
      if ((bits[member >> 6] & 1L << member) != 0) {
        member = top;
      }
      bits[member >> 6] |= 1L << member;
    }
  }

  /** Replaces a coalition by its complement. */
  static void complement(int players, long[] bits) {
    int words = words(players);
    for (int w = 0; w < words; w++) {
      bits[w] = ~bits[w];
    }
    if (players % 64 != 0) {
      bits[words - 1] &= (1L << players) - 1;
    }
  }

  private static int words(int players) {
    return (players + 63) / 64;
  }
}
