// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import dev.whybox.design.Coalitions;
import dev.whybox.shapley.Hierarchy.Group;
import dev.whybox.shapley.Hierarchy.Leaf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Coalitions that cut through many groups of a tree at once, where those of {@link
 * NestedCoalitions} cut through one on each level: so one coalition tells of several places. In
 * each group a uniform number of members are present; a member that is a group itself is as often
 * cut in the same way. Every second sample is the complement of the one before. No coalition is
 * empty or full.
 */
public final class ScatteredCoalitions extends TreeCoalitions {
  /** Philox's stream of this use, "scat". */
  private static final int STREAM = 0x73636174;

  /**
   * A design.
   *
   * @param hierarchy a tree of at least 2 players
   * @param seed the seed
   */
  public ScatteredCoalitions(Hierarchy hierarchy, long seed) {
    super(hierarchy, seed, STREAM);
  }

  @Override
  void draw(long[] bits) {
    cut(hierarchy, bits);
    int player = random.below(players);
    int present = Arrays.stream(bits, 0, words()).mapToInt(Long::bitCount).sum();
    if (present == 0 || present == players) {
      bits[player >> 6] ^= 1L << player;
    }
  }

  private void cut(Hierarchy at, long[] bits) {
    if (!(at instanceof Group group)) {
      return;
    }
    List<Hierarchy> left = new ArrayList<>(group.members());
    for (int present = random.below(left.size() + 1); !left.isEmpty(); present--) {
      Hierarchy member = left.remove(random.below(left.size()));
      if (member instanceof Group && (random.next() & 1) != 0) {
        cut(member, bits);
      } else if (present > 0) {
        add(member, bits);
      }
    }
  }

  private static void add(Hierarchy member, long[] bits) {
    if (member instanceof Leaf leaf) {
      bits[leaf.player() >> 6] |= 1L << leaf.player();
    } else {
      ((Group) member).members().forEach(inner -> add(inner, bits));
    }
  }

  @Override
  public Coalitions copy() {
    return new ScatteredCoalitions(hierarchy, seed);
  }
}
