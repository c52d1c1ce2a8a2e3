// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tree whose leaves are the players of a game: groups of players, groups of groups and so on, a
 * <em>level structure</em>. Its nested Owen values (Owen, "Values of games with a priori unions",
 * 1977; Winter, "A value for cooperative games with levels structure of cooperation", 1989) are
 * what players add on average where all come in a random order in which each group stays together.
 * The values of a group's members sum to what the group is worth as one player, exactly; in a tree
 * without groups they are Shapley values.
 */
public sealed interface Hierarchy {

  /**
   * A player.
   *
   * @param player its number
   */
  record Leaf(int player) implements Hierarchy {}

  /**
   * Players that come together.
   *
   * @param members players and groups of players, at least one; not one of them in two places
   */
  record Group(List<Hierarchy> members) implements Hierarchy {
    /**
     * A group.
     *
     * @param members at least one
     */
    public Group {
      if (members.isEmpty()) {
        throw new IllegalArgumentException("a group must have at least one member, but has none");
      }
      members = List.copyOf(members);
    }
  }

  /**
   * All players side by side.
   *
   * @param players at least 1
   * @return a tree whose nested Owen values are Shapley values
   */
  static Hierarchy flat(int players) {
    return new Group(
        IntStream.range(0, players).mapToObj(Leaf::new).map(Hierarchy.class::cast).toList());
  }

  /**
   * The players of the tree.
   *
   * @return their numbers, from left to right
   */
  default List<Integer> players() {
    List<Integer> players = new ArrayList<>();
    if (this instanceof Leaf leaf) {
      players.add(leaf.player());
    } else {
      ((Group) this).members().forEach(member -> players.addAll(member.players()));
    }
    return players;
  }
}
