// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.Coalitions;
import dev.whybox.shapley.Hierarchy.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * The coalitions that nested Owen values are a mean over: those that a player finds when all come
 * in a random order in which each group stays together, with the player or without. The player is
 * uniform. Every second sample is the complement of the one before. No coalition is empty or full.
 */
public final class NestedCoalitions extends TreeCoalitions {
  /** Philox's stream of this use, "nest". */
  private static final int STREAM = 0x6E657374;

  /**
   * A design.
   *
   * @param hierarchy a tree of at least 2 players
   * @param seed the seed
   */
  public NestedCoalitions(Hierarchy hierarchy, long seed) {
    super(hierarchy, seed, STREAM);
  }

  @Override
  void draw(long[] bits) {
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
  }

  @Override
  public Coalitions copy() {
    return new NestedCoalitions(hierarchy, seed);
  }
}
