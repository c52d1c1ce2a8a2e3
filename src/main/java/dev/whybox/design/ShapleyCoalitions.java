// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import dev.whybox.random.Philox;

/**
 * KernelSHAP's design (Lundberg and Lee 2017): the size k has a probability in proportion to the
 * Shapley kernel, 1/(k(K−k)), and the members are uniform given the size. Every second sample is
 * the complement of the one before (Covert and Lee 2021). With this design all samples have the
 * same weight.
 */
public final class ShapleyCoalitions implements Coalitions {
  private static final int STREAM = 2;

  private final int players;
  private final long seed;
  private final Philox random;

  /** Entry k−1 is 2³² times the probability of a size of at most k. */
  private final long[] sizeLimits;

  /**
   * A design.
   *
   * @param players at least 2
   * @param seed the seed
   */
  public ShapleyCoalitions(int players, long seed) {
    if (players < 2) {
      throw new IllegalArgumentException("players must be at least 2, but are " + players);
    }
    this.players = players;
    this.seed = seed;
    this.random = new Philox(seed, STREAM);
    this.sizeLimits = sizeLimits(players);
  }

  private static long[] sizeLimits(int players) {
    double[] cumulative = new double[players - 1];
    double sum = 0;
    for (int k = 1; k < players; k++) {
      sum += 1.0 / ((double) k * (players - k));
      cumulative[k - 1] = sum;
    }
    long[] limits = new long[players - 1];
    for (int i = 0; i < limits.length; i++) {
      limits[i] = (long) (cumulative[i] / sum * 0x1p32);
    }
    limits[limits.length - 1] = 1L << 32;
    return limits;
  }

  /**
   * The seed.
   *
   * @return any number
   */
  public long seed() {
    return seed;
  }

  /**
   * The cumulative probabilities of the sizes, as integers. This is not a copy.
   *
   * @return entry k−1 is 2³² times the probability of a size of at most k
   */
  public long[] sizeLimits() {
    return sizeLimits;
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    random.seek(sample / 2);
    Subset.draw(random, players, size(Integer.toUnsignedLong(random.next())), bits);
    if ((sample & 1) != 0) {
      Subset.complement(players, bits);
    }
  }

  private int size(long draw) {
    int k = 0;
    while (draw >= sizeLimits[k]) {
      k++;
    }
    return k + 1;
  }

  @Override
  public Coalitions copy() {
    return new ShapleyCoalitions(players, seed);
  }
}
