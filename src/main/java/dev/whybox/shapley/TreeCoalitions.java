// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.Coalitions;
import dev.whybox.random.Philox;
import java.util.Arrays;

/**
 * Coalitions of the players of a tree, drawn in pairs: every second sample is the complement of the
 * one before. No coalition is empty or full.
 */
abstract class TreeCoalitions implements Coalitions {
  final Hierarchy hierarchy;
  final int players;
  final long seed;
  final Philox random;

  /**
   * A design.
   *
   * @param hierarchy a tree of at least 2 players
   * @param seed the seed
   * @param stream Philox's stream of this use
   */
  TreeCoalitions(Hierarchy hierarchy, long seed, int stream) {
    this.hierarchy = hierarchy;
    this.players = hierarchy.players().size();
    if (players < 2) {
      throw new IllegalArgumentException("players must be at least 2, but are " + players);
    }
    this.seed = seed;
    this.random = new Philox(seed, stream);
  }

  /**
   * Draws the first of a pair, neither empty nor full.
   *
   * @param bits all zero
   */
  abstract void draw(long[] bits);

  @Override
  public int players() {
    return players;
  }

  @Override
  public void get(long sample, long[] bits) {
    random.seek(sample / 2);
    Arrays.fill(bits, 0, words(), 0);
    draw(bits);
    if ((sample & 1) != 0) {
      for (int k = 0; k < players; k++) {
        bits[k >> 6] ^= 1L << k;
      }
    }
  }
}
