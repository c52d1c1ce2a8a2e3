// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.shapley.Hierarchy.Group;
import dev.whybox.shapley.Hierarchy.Leaf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nested Owen values by their definition: all orders in which every group stays together. */
class NestedKernelTest {

  static Stream<Hierarchy> trees() {
    return Stream.of(
        leaf(0),
        group(leaf(0)),
        Hierarchy.flat(4),
        group(group(leaf(0), leaf(1)), group(leaf(2), leaf(3))),
        group(group(leaf(3), leaf(1), leaf(5)), leaf(0), group(group(leaf(4), leaf(2)))),
        group(
            leaf(6),
            group(group(leaf(0), leaf(5)), leaf(2), leaf(4)),
            group(group(leaf(1), group(leaf(3), leaf(7))))));
  }

  private static Hierarchy leaf(int player) {
    return new Leaf(player);
  }

  private static Hierarchy group(Hierarchy... members) {
    return new Group(List.of(members));
  }

  /** All orders of the players of a tree. */
  private static List<List<Integer>> orders(Hierarchy tree) {
    if (tree instanceof Leaf leaf) {
      return List.of(List.of(leaf.player()));
    }
    List<List<Integer>> all = new ArrayList<>();
    arrange(((Group) tree).members(), List.of(), all);
    return all;
  }

  private static void arrange(List<Hierarchy> left, List<Integer> before, List<List<Integer>> all) {
    if (left.isEmpty()) {
      all.add(before);
    }
    for (Hierarchy next : left) {
      List<Hierarchy> rest = new ArrayList<>(left);
      rest.remove(next);
      for (List<Integer> order : orders(next)) {
        List<Integer> longer = new ArrayList<>(before);
        longer.addAll(order);
        arrange(rest, longer, all);
      }
    }
  }

  private static double[] enumerate(Hierarchy tree, ToDoubleFunction<double[]> game) {
    int players = tree.players().size();
    double[] scores = new double[1 << players];
    Arrays.setAll(scores, c -> game.applyAsDouble(Games.signs(players, c)));
    double[] values = new double[players];
    List<List<Integer>> orders = orders(tree);
    for (List<Integer> order : orders) {
      int coalition = 0;
      for (int player : order) {
        double before = scores[coalition];
        coalition |= 1 << player;
        values[player] += (scores[coalition] - before) / orders.size();
      }
    }
    return values;
  }

  private static double[] lengths(int players, long seed) {
    Random random = new Random(seed);
    return random.doubles(players).map(u -> Math.exp(3 * u - 2)).toArray();
  }

  @ParameterizedTest
  @MethodSource("trees")
  void functionalsEqualEnumeration(Hierarchy tree) {
    int players = tree.players().size();
    NestedKernel kernel = new NestedKernel(lengths(players, 1), tree);
    for (int c = 0; c < 1 << players; c += 3) {
      double[] other = Games.signs(players, c);
      double[] found = kernel.values(other);
      assertArrayEquals(enumerate(tree, z -> kernel.even(z, other)), found, 1e-12);
      assertArrayEquals(enumerate(tree, z -> kernel.odd(z, other)), found, 1e-12);
    }
    double[][] covariance = kernel.covariance();
    for (int l = 0; l < players; l++) {
      int player = l;
      double[] expected = enumerate(tree, z -> kernel.values(z)[player]);
      assertArrayEquals(expected, covariance[l], 1e-12);
      assertEquals(expected[l], kernel.variances()[l], 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("trees")
  void posteriorEqualsEnumeration(Hierarchy tree) {
    int players = tree.players().size();
    Random random = new Random(5);
    double[][] signs = new double[5][];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = Games.signs(players, i == 0 ? (1 << players) - 1 : random.nextInt(1 << players));
    }
    double[] odd = random.doubles(5).toArray();
    AntisymmetricProcess process =
        new AntisymmetricProcess(new NestedKernel(lengths(players, 2), tree), 0.02, signs, odd);
    assertArrayEquals(enumerate(tree, process::mean), process.values(), 1e-10);
    double[][] covariance = process.covariance();
    for (int l = 0; l < players; l++) {
      int player = l;
      double[] expected =
          enumerate(tree, z -> process.candidates(new double[][] {z}).gain(0)[player]);
      for (int j = 0; j < players; j++) {
        assertEquals(expected[j] * process.scale(), covariance[l][j], 1e-10);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40})
  void withoutGroupsTheyAreShapleyValues(int players) {
    double[] lengths = lengths(players, 3);
    ProductKernel flat = new ProductKernel(lengths);
    NestedKernel nested = new NestedKernel(lengths, Hierarchy.flat(players));
    Random random = new Random(4);
    double[] signs = new double[players];
    Arrays.setAll(signs, k -> random.nextBoolean() ? 1 : -1);
    assertArrayEquals(flat.values(signs), nested.values(signs), 1e-12);
    double[][] expected = flat.covariance();
    double[][] found = nested.covariance();
    for (int k = 0; k < players; k++) {
      assertArrayEquals(expected[k], found[k], 1e-12);
    }
  }

  /** A game and a coarser tree in which a group is one player: the group's members share it. */
  @Test
  void partsSumToTheirWhole() {
    Hierarchy fine =
        group(group(leaf(0), group(leaf(1), leaf(2))), leaf(3), group(leaf(4), leaf(5)));
    Hierarchy coarse = group(leaf(0), leaf(1), leaf(2));
    int[] owner = {0, 0, 0, 1, 2, 2};
    double[] lengths = lengths(6, 6);
    double[] sums = new double[3];
    for (int k = 0; k < 6; k++) {
      sums[owner[k]] += lengths[k];
    }
    double[][] signs = {{1, 1, 1}, {1, -1, 1}, {-1, 1, 1}};
    double[][] spread = new double[3][6];
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 6; k++) {
        spread[i][k] = signs[i][owner[k]];
      }
    }
    double[] odd = {0.4, -0.1, 0.3};
    AntisymmetricProcess parts =
        new AntisymmetricProcess(new NestedKernel(lengths, fine), 0.01, spread, odd);
    AntisymmetricProcess wholes =
        new AntisymmetricProcess(new NestedKernel(sums, coarse), 0.01, signs, odd);
    double[] found = new double[3];
    double[][] errors = new double[3][3];
    for (int k = 0; k < 6; k++) {
      found[owner[k]] += parts.values()[k];
      for (int l = 0; l < 6; l++) {
        errors[owner[k]][owner[l]] += parts.covariance()[k][l];
      }
    }
    assertArrayEquals(wholes.values(), found, 1e-12);
    for (int g = 0; g < 3; g++) {
      assertArrayEquals(wholes.covariance()[g], errors[g], 1e-12);
    }
  }

  /** Of parts that no score tells apart: the posterior's variance of what they differ by. */
  @Test
  void spreadsEqualThePosteriorOfTheFinestTree() {
    Hierarchy fine =
        group(
            group(group(leaf(0), leaf(3)), group(leaf(1), leaf(2))),
            leaf(4),
            group(leaf(5), leaf(6)));
    int[] owners = {0, 0, 0, 0, 1, 2, 2};
    int[] sizes = {4, 1, 2};
    double[] lengths = lengths(3, 9);
    double[] each = new double[7];
    double[][] signs = {{1, 1, 1}, {1, -1, 1}, {-1, 1, 1}};
    double[][] spread = new double[3][7];
    for (int k = 0; k < 7; k++) {
      each[k] = lengths[owners[k]] / sizes[owners[k]];
      for (int i = 0; i < 3; i++) {
        spread[i][k] = signs[i][owners[k]];
      }
    }
    double[] odd = {0.4, -0.1, 0.3};
    AntisymmetricProcess wholes =
        new AntisymmetricProcess(new NestedKernel(lengths, Hierarchy.flat(3)), 0.01, signs, odd);
    double[][] covariance =
        new AntisymmetricProcess(new NestedKernel(each, fine), 0.01, spread, odd).covariance();
    double[] expected = new double[3];
    for (int k = 0; k < 7; k++) {
      int owner = owners[k];
      double variance = covariance[k][k];
      for (int l = 0; l < 7; l++) {
        variance -= owners[l] == owner ? 2 * covariance[k][l] / sizes[owner] : 0;
        for (int m = 0; m < 7; m++) {
          boolean both = owners[l] == owner && owners[m] == owner;
          variance += both ? covariance[l][m] / sizes[owner] / sizes[owner] : 0;
        }
      }
      expected[owner] += variance / sizes[owner];
    }
    assertTrue(expected[0] > 0 && expected[2] > 0);
    assertArrayEquals(expected, wholes.spreads(owners, fine), 1e-12);
  }

  /** Between a cut and the next scores nothing is known of the parts: they share in equal parts. */
  @Test
  void aCutAloneChangesNoValue() {
    int[] parents = {0, 1, 1, 1, 1, 2, 3};
    double[] game = Games.random(4, 8);
    int pairs = 7;
    long[][] coarse = new long[pairs][1];
    long[][] fine = new long[pairs][1];
    double[] first = new double[pairs];
    double[] second = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      coarse[i][0] = i + 1;
      first[i] = game[i + 1];
      second[i] = game[15 - (i + 1)];
      for (int k = 0; k < parents.length; k++) {
        fine[i][0] |= (coarse[i][0] >> parents[k] & 1) << k;
      }
    }
    ComplementPairs few = new ComplementPairs(4, coarse, first, second, game[15], game[0]);
    ComplementPairs many = new ComplementPairs(7, fine, first, second, game[15], game[0]);
    ComplementPairs grouped = many.grouped(new int[] {0, 2, 5, 6});
    for (int i = 0; i < few.pairs(); i++) {
      assertArrayEquals(few.signs()[i], grouped.signs()[i]);
    }
    assertEquals(few.gain(), grouped.gain(), 1e-15);
    GaussianProcess process =
        new GaussianProcess(Hierarchy.flat(4), new double[] {1, 4, 1, 1}, new double[4]);
    process.fit(few);
    ShapleyValues before = process.quickEstimate(few);
    Hierarchy tree = group(leaf(0), group(leaf(1), leaf(2), leaf(3), leaf(4)), leaf(5), leaf(6));
    double[] sizes = {1, 1, 1, 1, 1, 1, 1};
    ShapleyValues after = process.refined(parents, tree, sizes, new double[7]).quickEstimate(many);
    double[] expected = new double[7];
    Arrays.setAll(expected, k -> before.values()[parents[k]] / (parents[k] == 1 ? 4 : 1));
    // What the noise keeps from the sum is spread over the players, who are now more.
    assertArrayEquals(expected, after.values(), 1e-7);
    double sum = 0;
    for (int k = 1; k < 5; k++) {
      for (int l = 1; l < 5; l++) {
        sum += after.covariance()[k][l];
      }
    }
    assertEquals(before.covariance()[1][1], sum, 1e-7);
    assertTrue(after.standardErrors()[2] > before.standardErrors()[1] / 4);
  }

  @Test
  void lengthsThatUnderflowGiveNumbers() {
    double[] lengths = new double[64];
    Arrays.fill(lengths, 20);
    List<Hierarchy> groups =
        IntStream.range(0, 4)
            .mapToObj(
                g ->
                    (Hierarchy)
                        new Group(
                            IntStream.range(16 * g, 16 * g + 16)
                                .mapToObj(NestedKernelTest::leaf)
                                .toList()))
            .toList();
    NestedKernel kernel = new NestedKernel(lengths, new Group(groups));
    double[] signs = new double[64];
    Arrays.setAll(signs, k -> k % 3 == 0 ? 1 : -1);
    assertTrue(Arrays.stream(kernel.values(signs)).allMatch(Double::isFinite));
    for (double[] row : kernel.covariance()) {
      assertTrue(Arrays.stream(row).allMatch(Double::isFinite));
    }
  }

  @Test
  void everyPlayerOfTheKernelIsInTheTree() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new NestedKernel(new double[] {1, 1, 1}, Hierarchy.flat(2)));
    assertThrows(IllegalArgumentException.class, () -> new Group(List.of()));
  }

  /**
   * Every coalition is a beginning of an order that keeps groups together, with its end cut off.
   */
  @ParameterizedTest
  @MethodSource("trees")
  void coalitionsAreBeginningsOfOrders(Hierarchy tree) {
    int players = tree.players().size();
    if (players == 1) {
      assertThrows(IllegalArgumentException.class, () -> new NestedCoalitions(tree, 1));
      return;
    }
    boolean[] allowed = new boolean[1 << players];
    for (List<Integer> order : orders(tree)) {
      int coalition = 0;
      for (int player : order.subList(0, players - 1)) {
        coalition |= 1 << player;
        allowed[coalition] = true;
      }
    }
    NestedCoalitions design = new NestedCoalitions(tree, 7);
    boolean[] seen = new boolean[1 << players];
    long[] bits = new long[1];
    for (int sample = 0; sample < 20_000; sample++) {
      design.get(sample, bits);
      assertTrue(allowed[(int) bits[0]], "sample " + sample);
      seen[(int) bits[0]] = true;
      long first = bits[0];
      design.copy().get(sample ^ 1, bits);
      assertEquals((1 << players) - 1, first ^ bits[0]);
    }
    assertArrayEquals(allowed, seen);
  }

  /** Coalitions that cut through several groups reach every one but the empty and the full. */
  @ParameterizedTest
  @MethodSource("trees")
  void scatteredCoalitionsReachAll(Hierarchy tree) {
    int players = tree.players().size();
    if (players == 1) {
      assertThrows(IllegalArgumentException.class, () -> new ScatteredCoalitions(tree, 1));
      return;
    }
    boolean[] expected = new boolean[1 << players];
    Arrays.fill(expected, 1, expected.length - 1, true);
    boolean[] seen = new boolean[1 << players];
    ScatteredCoalitions design = new ScatteredCoalitions(tree, 7);
    long[] bits = new long[1];
    for (int sample = 0; sample < 100_000; sample++) {
      design.get(sample, bits);
      seen[(int) bits[0]] = true;
      long first = bits[0];
      design.copy().get(sample ^ 1, bits);
      assertEquals((1 << players) - 1, first ^ bits[0]);
    }
    assertArrayEquals(expected, seen);
  }
}
