// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import dev.whybox.random.Philox;

/** LIME's design: every segment is kept with probability 1/2. */
public final class UniformCoalitions implements Coalitions {
  private static final int STREAM = 1;

  private final int players;
  private final long seed;
  private final Philox random;

  /**
   * A design.
   *
   * @param players at least 1
   * @param seed the seed
   */
  public UniformCoalitions(int players, long seed) {
    this.players = players;
    this.seed = seed;
    this.random = new Philox(seed, STREAM);
  }

  /**
   * The seed.
   *
   * @return any number
   */
  public long seed() {
    return seed;
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    random.seek(sample);
    for (int w = 0; w < words(); w++) {
      long low = Integer.toUnsignedLong(random.next());
      bits[w] = low | (long) random.next() << 32;
    }
    if (players % 64 != 0) {
      bits[words() - 1] &= (1L << players) - 1;
    }
  }

  @Override
  public Coalitions copy() {
    return new UniformCoalitions(players, seed);
  }
}
