// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.shapley.Hierarchy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Blocks of a grid's cells: at first up to {@value #START} × {@value #START}, side by side, then
 * each cut into four (two, where it is one cell wide or high) where that is asked for. Leaves are
 * numbered from left to right in the tree; a leaf that is cut is replaced by its parts. Immutable.
 */
final class Quadtree {
  /** Blocks along each side at first; at most {@code START²} groups on a level. */
  static final int START = 4;

  private final int rows;
  private final int columns;
  private final Node root;
  private final List<Node> leaves = new ArrayList<>();
  private final Hierarchy hierarchy;

  /** Rows and columns [top, bottom) × [left, right) of cells; no parts where it is a leaf. */
  private record Node(int top, int bottom, int left, int right, List<Node> parts) {
    int cells() {
      return (bottom - top) * (right - left);
    }

    /** Cut as evenly as whole cells allow, into at most so many parts a side. */
    Node cut(int sides) {
      int down = Math.min(sides, bottom - top);
      int across = Math.min(sides, right - left);
      List<Node> parts = new ArrayList<>();
      for (int r = 0; r < down; r++) {
        for (int c = 0; c < across; c++) {
          parts.add(
              new Node(
                  top + r * (bottom - top) / down,
                  top + (r + 1) * (bottom - top) / down,
                  left + c * (right - left) / across,
                  left + (c + 1) * (right - left) / across,
                  List.of()));
        }
      }
      return new Node(top, bottom, left, right, parts);
    }
  }

  /**
   * A finer tree.
   *
   * @param tree the tree
   * @param parents of each of its leaves the number of the leaf that it was, or was a part of
   */
  record Finer(Quadtree tree, int[] parents) {}

  /** The coarsest tree. */
  Quadtree(int rows, int columns) {
    this(rows, columns, new Node(0, rows, 0, columns, List.of()).cut(START));
  }

  private Quadtree(int rows, int columns, Node root) {
    this.rows = rows;
    this.columns = columns;
    this.root = root;
    this.hierarchy = number(root);
  }

  private Hierarchy number(Node node) {
    if (node.parts().isEmpty()) {
      leaves.add(node);
      return new Hierarchy.Leaf(leaves.size() - 1);
    }
    return new Hierarchy.Group(node.parts().stream().map(this::number).toList());
  }

  /** How many leaves there are. */
  int leaves() {
    return leaves.size();
  }

  /** The tree of the leaves. */
  Hierarchy hierarchy() {
    return hierarchy;
  }

  /** How many cells a leaf has. */
  int cells(int leaf) {
    return leaves.get(leaf).cells();
  }

  /** Of each cell, row by row, its leaf. */
  int[] owners() {
    int[] owners = new int[rows * columns];
    for (int leaf = 0; leaf < leaves.size(); leaf++) {
      Node node = leaves.get(leaf);
      for (int r = node.top(); r < node.bottom(); r++) {
        for (int c = node.left(); c < node.right(); c++) {
          owners[r * columns + c] = leaf;
        }
      }
    }
    return owners;
  }

  /** The tree in which every leaf is cut down to its cells; its players are the cells' numbers. */
  Hierarchy finest() {
    return finest(root);
  }

  private Hierarchy finest(Node node) {
    if (node.cells() == 1) {
      return new Hierarchy.Leaf(node.top() * columns + node.left());
    }
    Node parted = node.parts().isEmpty() ? node.cut(2) : node;
    return new Hierarchy.Group(parted.parts().stream().map(this::finest).toList());
  }

  /** Of each leaf one cell. */
  int[] members() {
    return leaves.stream().mapToInt(node -> node.top() * columns + node.left()).toArray();
  }

  /** Cuts leaves of more than one cell. */
  Finer cut(BitSet chosen) {
    List<Integer> parents = new ArrayList<>();
    Node finer = cut(root, chosen, new int[1], parents);
    return new Finer(
        new Quadtree(rows, columns, finer), parents.stream().mapToInt(p -> p).toArray());
  }

  private static Node cut(Node node, BitSet chosen, int[] next, List<Integer> parents) {
    if (!node.parts().isEmpty()) {
      List<Node> parts =
          node.parts().stream().map(part -> cut(part, chosen, next, parents)).toList();
      return new Node(node.top(), node.bottom(), node.left(), node.right(), parts);
    }
    int leaf = next[0]++;
    Node result = chosen.get(leaf) && node.cells() > 1 ? node.cut(2) : node;
    for (int p = 0; p < Math.max(1, result.parts().size()); p++) {
      parents.add(leaf);
    }
    return result;
  }
}
