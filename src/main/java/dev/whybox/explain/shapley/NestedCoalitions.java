// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain.shapley;

import dev.whybox.explain.shapley.Hierarchy.Group;
import dev.whybox.perturb.Coalitions;
import dev.whybox.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The coalitions that nested Owen values are a mean over: those that a player finds when all come
 * in a random order in which each group stays together, with the player or without. The player is
 * uniform. Every second sample is the complement of the one before. No coalition is empty or full.
 */
public final class NestedCoalitions implements Coalitions {
  /** Philox's stream of this use, "nest". */
  private static final int STREAM = 0x6E657374;

  private final Hierarchy hierarchy;
  private final int players;
  private final long seed;
  private final Philox random;

  /**
   * A design.
   *
   * @param hierarchy a tree of at least 2 players
   * @param seed the seed
   */
  public NestedCoalitions(Hierarchy hierarchy, long seed) {
    this.hierarchy = hierarchy;
    this.players = hierarchy.players().size();
    if (players < 2) {
      throw new IllegalArgumentException("players must be at least 2, but are " + players);
    }
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
    Arrays.fill(bits, 0, words(), 0);
    int player = random.below(players);
    Hierarchy at = hierarchy;
    int present = 0;
    while (at instanceof Group group) {
      List<Hierarchy> others = new ArrayList<>(group.members());
      Hierarchy next =
          others.stream().filter(member -> member.players().contains(player)).findFirst().get();
      others.remove(next);
      // A uniform number of them: each with a probability that is itself uniform.
      for (int left = random.below(others.size() + 1); left > 0; left--) {
        for (int member : others.remove(random.below(others.size())).players()) {
          bits[member >> 6] |= 1L << member;
          present++;
        }
      }
      at = next;
    }
    boolean with = (random.next() & 1) != 0;
    if (present == 0 || with && present < players - 1) {
      bits[player >> 6] |= 1L << player;
    }
    if ((sample & 1) != 0) {
      for (int k = 0; k < players; k++) {
        bits[k >> 6] ^= 1L << k;
      }
    }
  }

  @Override
  public Coalitions copy() {
    return new NestedCoalitions(hierarchy, seed);
  }
}
