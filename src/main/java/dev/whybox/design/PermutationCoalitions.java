// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import dev.whybox.random.Philox;
import java.util.Arrays;

/**
 * Antithetic permutations: Mitchell, Cooper, Frank and Holmes, "Sampling permutations for Shapley
 * value estimation" (JMLR 2022). Players join in a random order, and also in its reverse; the
 * coalitions of the reverse order are the complements. Samples {@code 2(K−1)r} to {@code
 * 2(K−1)(r+1) − 1} belong to order r. Among these, sample {@code 2i} has the first {@code i+1}
 * players of the order and sample {@code 2i+1} has all others.
 */
public final class PermutationCoalitions implements Coalitions {
  /** The stream of random numbers for this design: "perm" in ASCII. */
  private static final int STREAM = 0x7065726D;

  private final int players;
  private final long seed;
  private final Philox random;
  private final int[] order;

  /**
   * A design.
   *
   * @param players at least 2
   * @param seed the seed
   */
  public PermutationCoalitions(int players, long seed) {
    if (players < 2) {
      throw new IllegalArgumentException("players must be at least 2, but are " + players);
    }
    this.players = players;
    this.seed = seed;
    this.random = new Philox(seed, STREAM);
    this.order = new int[players];
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    long pair = sample / 2;
    random.seek(pair / (players - 1));
    int size = (int) (pair % (players - 1)) + 1;
    Arrays.setAll(order, k -> k);
    Arrays.fill(bits, 0, words(), 0);
    // The shuffle of Fisher and Yates, stopped as soon as the needed players are known.
    for (int i = 0; i < size; i++) {
      int other = i + random.below(players - i);
      int member = order[other];
      order[other] = order[i];
      order[i] = member;
      bits[member >> 6] |= 1L << member;
    }
    if ((sample & 1) != 0) {
      Subset.complement(players, bits);
    }
  }

  @Override
  public Coalitions copy() {
    return new PermutationCoalitions(players, seed);
  }
}
