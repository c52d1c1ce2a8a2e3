// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuadtreeTest {

  @Test
  void aBlockIsCutIntoFour() {
    Quadtree tree = new Quadtree(8, 8);
    assertEquals(16, tree.leaves());
    assertEquals(4, tree.cells(5));
    BitSet chosen = new BitSet();
    chosen.set(1);
    Quadtree.Finer finer = tree.cut(chosen);
    assertEquals(19, finer.tree().leaves());
    int[] parents = new int[19];
    Arrays.setAll(parents, leaf -> leaf < 2 ? leaf : Math.max(1, leaf - 3));
    assertArrayEquals(parents, finer.parents());
    // The second block: rows 0 and 1, columns 2 and 3.
    assertArrayEquals(
        new int[] {1, 2, 3, 4},
        new int[] {
          finer.tree().owners()[2],
          finer.tree().owners()[3],
          finer.tree().owners()[10],
          finer.tree().owners()[11]
        });
  }

  @ParameterizedTest
  @CsvSource({"16, 16", "5, 7", "1, 9", "4, 4", "3, 30", "1, 1", "64, 16"})
  void cutsEndAtTheCells(int rows, int columns) {
    Quadtree tree = new Quadtree(rows, columns);
    for (int round = 0; round < 7; round++) {
      int[] owners = tree.owners();
      int[] sizes = new int[tree.leaves()];
      for (int owner : owners) {
        sizes[owner]++;
      }
      for (int leaf = 0; leaf < tree.leaves(); leaf++) {
        assertEquals(tree.cells(leaf), sizes[leaf]);
        assertEquals(leaf, owners[tree.members()[leaf]]);
      }
      assertEquals(IntStream.range(0, tree.leaves()).boxed().toList(), tree.hierarchy().players());
      // However far it was cut, cut to the end it is the same.
      assertEquals(new Quadtree(rows, columns).finest(), tree.finest());
      BitSet all = new BitSet();
      all.set(0, tree.leaves());
      Quadtree.Finer finer = tree.cut(all);
      for (int cell = 0; cell < owners.length; cell++) {
        assertEquals(owners[cell], finer.parents()[finer.tree().owners()[cell]]);
      }
      tree = finer.tree();
    }
    assertEquals(rows * columns, tree.leaves());
    assertEquals(Arrays.stream(tree.members()).boxed().toList(), tree.finest().players());
  }
}
