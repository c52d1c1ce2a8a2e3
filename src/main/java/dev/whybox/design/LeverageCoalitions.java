// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.design;

import dev.whybox.random.Philox;

/**
 * Leverage-score sampling: Musco and Witter, "Provably accurate Shapley value estimation via
 * leverage score sampling" (ICLR 2025). The leverage of a coalition in the Shapley regression
 * depends on its size alone, and the leverages of each size have the same sum. So the size is
 * uniform on 1 to K−1, the members are uniform given the size, and every second sample is the
 * complement of the one before.
 */
public final class LeverageCoalitions implements Coalitions {
  /** The stream of random numbers for this design: "leve" in ASCII. */
  private static final int STREAM = 0x6C657665;

  private final int players;
  private final long seed;
  private final Philox random;

  /**
   * A design.
   *
   * @param players at least 2
   * @param seed the seed
   */
  public LeverageCoalitions(int players, long seed) {
    if (players < 2) {
      throw new IllegalArgumentException("players must be at least 2, but are " + players);
    }
    this.players = players;
    this.seed = seed;
    this.random = new Philox(seed, STREAM);
  }

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    random.seek(sample / 2);
    Subset.draw(random, players, 1 + random.below(players - 1), bits);
    if ((sample & 1) != 0) {
      Subset.complement(players, bits);
    }
  }

  @Override
  public Coalitions copy() {
    return new LeverageCoalitions(players, seed);
  }
}
