// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.SharedFiles;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.SurrogateFamily.Fit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixtureTest {
  private static final int PLAYERS = 12;

  /** Games whose members differ: each is far from the best on one of them. */
  enum Kind {
    PROCESS,
    CONJUNCTIONS,
    LINEAR;

    double[] game(Random random) {
      double[] game = new double[1 << PLAYERS];
      double[] a = random.doubles(PLAYERS, 0, 1).toArray();
      double[] b = random.doubles(PLAYERS, 0, 1).toArray();
      for (int c = 0; c < game.length; c++) {
        double[] x = Games.signs(PLAYERS, c);
        switch (this) {
          // Smooth: products of all players.
          case PROCESS -> {
            double up = 1;
            double down = 1;
            for (int k = 0; k < PLAYERS; k++) {
              up *= 1 + 0.25 * a[k] * x[k];
              down *= 1 - 0.25 * b[k] * x[k];
            }
            game[c] = up - down;
          }
          // Leaves of few players: to the process the others are as good as absent.
          case CONJUNCTIONS ->
              game[c] = ((c & 7) == 7 ? 1 : 0) + ((c & 24) == 8 ? 1 : 0) + ((c & 96) == 96 ? 1 : 0);
          // Weights of all players, and what no surrogate can know.
          default -> {
            for (int k = 0; k < PLAYERS; k++) {
              game[c] += (a[k] - 0.3) * x[k];
            }
            game[c] += 2 * random.nextGaussian();
          }
        }
      }
      return game;
    }
  }

  private static final List<SurrogateFamily> MEMBERS =
      List.of(
          new ProcessFamily(),
          new PriorMean(new ProcessFamily()),
          new BoostedTrees(),
          new PriorMean(new BoostedTrees()),
          new LinearSurrogate());

  private static Mixture mixture() {
    return new Mixture(MEMBERS.toArray(SurrogateFamily[]::new));
  }

  @ParameterizedTest
  @EnumSource
  void itIsAboutAsGoodAsTheBestMember(Kind kind) {
    double[] members = new double[MEMBERS.size()];
    double mixed = 0;
    for (int seed = 0; seed < 6; seed++) {
      double[] game = kind.game(new Random(100 + seed));
      double[] exact = ExactShapley.values(PLAYERS, game);
      ComplementPairs scores = Games.play(new LeverageCoalitions(PLAYERS, seed), 64, game);
      for (int m = 0; m < members.length; m++) {
        members[m] += Games.error(MEMBERS.get(m).estimate(scores).values(), exact) / 6;
      }
      mixed += Games.error(mixture().estimate(scores).values(), exact) / 6;
    }
    String found = kind + ": " + Arrays.toString(members) + ", mixed " + mixed;
    System.out.println(found);
    double best = Arrays.stream(members).min().orElseThrow();
    double worst = Arrays.stream(members).max().orElseThrow();
    assertTrue(worst > 1.25 * best, "the game favours nobody: " + found);
    assertTrue(mixed < 1.3 * best, found);
  }

  @Test
  void itIsAboutAsGoodAsTheBestMemberOnADetectorsGame() {
    SharedFiles shared = SharedFiles.require("reference/coalitions-chelsea-4x4.npz");
    double[] game = shared.array("v.npy");
    double[] exact = shared.array("phi.npy");
    for (int pairs : new int[] {24, 48, 96}) {
      double[] members = new double[MEMBERS.size()];
      double mixed = 0;
      for (int seed = 20; seed < 25; seed++) {
        ComplementPairs scores = Games.play(new LeverageCoalitions(16, seed), pairs, game);
        for (int m = 0; m < members.length; m++) {
          members[m] += Games.error(MEMBERS.get(m).estimate(scores).values(), exact) / 5;
        }
        mixed += Games.error(mixture().estimate(scores).values(), exact) / 5;
      }
      String found = pairs + " pairs: " + Arrays.toString(members) + ", mixed " + mixed;
      System.out.println(found);
      assertTrue(mixed < 1.5 * Arrays.stream(members).min().orElseThrow(), found);
    }
  }

  private static Fit fit(double... leftOut) {
    return new Fit(null, leftOut, null);
  }

  /** Two players, so all pairs weigh the same; their odd parts are 1. */
  private static ComplementPairs ones(int pairs) {
    long[][] bits = new long[pairs][];
    double[] first = new double[pairs];
    Arrays.fill(bits, new long[] {1});
    Arrays.fill(first, 2);
    return new ComplementPairs(2, bits, first, new double[pairs], 1, 0);
  }

  @Test
  void weightsByHand() {
    int pairs = 4000;
    double[] one = new double[pairs];
    double[] two = new double[pairs];
    double[] more = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      // Errors ±1 and ±2, uncorrelated: weights as 1 to 1/4. And a member that is the first, worse.
      one[i] = 1 + (i % 2 == 0 ? 1 : -1);
      two[i] = 1 + (i / 2 % 2 == 0 ? 2 : -2);
      more[i] = 1 + (i % 2 == 0 ? 3 : -3);
    }
    double[] found =
        Mixture.weights(new ArrayList<>(List.of(fit(one), fit(two), fit(more))), ones(pairs));
    assertArrayEquals(new double[] {0.8, 0.2, 0}, found, 1e-3);
  }

  @Test
  void equalMembersAndFewPairsGiveFiniteWeights() {
    for (int pairs : new int[] {0, 1, 3}) {
      double[] same = new double[pairs];
      double[] found = Mixture.weights(List.of(fit(same), fit(same)), ones(pairs));
      assertEquals(1, Arrays.stream(found).sum(), 1e-9);
      assertTrue(Arrays.stream(found).allMatch(w -> w >= 0), Arrays.toString(found));
    }
  }
}
