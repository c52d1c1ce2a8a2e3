// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.LeverageCoalitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against exact Shapley values from all coalitions of 12 players. */
class ProcessCorrectionTest {
  private static final int PLAYERS = 12;
  private static final int GAMES = 24;
  private static final int FITTED = 32;

  /** A logistic function of weights and products, or a product of four parts of three players. */
  private static double[] game(long seed) {
    Random random = new Random(seed);
    double[] weights = new double[PLAYERS];
    Arrays.setAll(weights, k -> Math.exp(random.nextGaussian() - 0.5));
    int[] ends = random.ints(16, 0, PLAYERS).toArray();
    double[] game = new double[1 << PLAYERS];
    for (int c = 0; c < game.length; c++) {
      double sum = -2;
      double product = 1;
      for (int k = 0; k < PLAYERS; k++) {
        sum += (c >> k & 1) * weights[k];
      }
      for (int p = 0; p < ends.length; p += 2) {
        sum += (c >> ends[p] & 1) * (c >> ends[p + 1] & 1) * 0.8;
      }
      for (int part = 0; part < 4; part++) {
        double missing = 1;
        for (int k = part; k < PLAYERS; k += 4) {
          missing *= 1 - (c >> k & 1) * Math.min(0.9, weights[k] / 2);
        }
        product *= 1 - 0.9 * missing;
      }
      game[c] = seed % 2 == 0 ? 1 / (1 + Math.exp(-sum)) : product;
    }
    return game;
  }

  /** Pairs of a design, played. */
  private static ComplementPairs play(List<long[]> pairs, double[] game) {
    double[] first = pairs.stream().mapToDouble(bits -> game[(int) bits[0]]).toArray();
    double[] second =
        pairs.stream().mapToDouble(bits -> game[game.length - 1 - (int) bits[0]]).toArray();
    return new ComplementPairs(
        PLAYERS, pairs.toArray(long[][]::new), first, second, game[game.length - 1], game[0]);
  }

  private static List<long[]> random(long seed, int from, int end) {
    LeverageCoalitions design = new LeverageCoalitions(PLAYERS, seed);
    List<long[]> pairs = new ArrayList<>();
    for (int i = from; i < end; i++) {
      long[] bits = new long[1];
      design.get(2L * i, bits);
      pairs.add(bits);
    }
    return pairs;
  }

  /** A process on pairs that it chose, as the product fits it. */
  private static ProcessCorrection correction(double[] game, long seed) {
    GaussianProcess process = new GaussianProcess();
    ActiveDesign design = new ActiveDesign(PLAYERS, seed);
    List<long[]> pairs = random(seed, 0, 16);
    while (pairs.size() < FITTED) {
      ComplementPairs scores = play(pairs, game);
      process.fit(scores);
      pairs.addAll(design.choose(List.of(process), new double[] {scores.gain()}, 8));
    }
    return new ProcessCorrection(process, play(pairs, game));
  }

  @Test
  void furtherPairsLowerTheErrorAndIntervalsHold() {
    int[] ends = {64, 256, 1024, 4096};
    double[] logs = new double[ends.length + 1];
    int[] covered = new int[ends.length];
    for (int g = 0; g < GAMES; g++) {
      double[] game = game(7000 + g);
      double[] exact = ExactShapley.values(PLAYERS, game);
      ProcessCorrection correction = correction(game, g);
      logs[0] += Math.log(Games.error(correction.estimate().values(), exact)) / GAMES;
      int from = FITTED;
      for (int e = 0; e < ends.length; e++) {
        correction.add(play(random(g, from, FITTED + ends[e]), game));
        from = FITTED + ends[e];
        ShapleyValues found = correction.estimate();
        logs[e + 1] += Math.log(Games.error(found.values(), exact)) / GAMES;
        assertEquals(game[game.length - 1] - game[0], Arrays.stream(found.values()).sum(), 1e-9);
        for (int k = 0; k < PLAYERS; k++) {
          double off = Math.abs(found.values()[k] - exact[k]);
          covered[e] += off <= 1.96 * found.standardErrors()[k] ? 1 : 0;
        }
      }
    }
    double[] errors = Arrays.stream(logs).map(Math::exp).toArray();
    double[] coverage =
        Arrays.stream(covered).mapToDouble(c -> (double) c / (GAMES * PLAYERS)).toArray();
    System.out.println(
        "Correction: " + Arrays.toString(errors) + ", coverage " + Arrays.toString(coverage));
    for (int e = 0; e < ends.length; e++) {
      assertTrue(errors[e + 1] < 1.05 * errors[e], "more pairs are not worse");
      assertTrue(coverage[e] >= 0.88 && coverage[e] <= 0.995, "coverage " + coverage[e]);
    }
    assertTrue(errors[4] < errors[0] / 4, "many pairs are much better");
    double mean = Arrays.stream(coverage).average().orElseThrow();
    assertTrue(mean >= 0.92 && mean <= 0.98, "mean coverage " + mean);
  }

  /** A surrogate that knows next to nothing of a game without structure is put right. */
  @Test
  void aWrongProcessDoesNoHarm() {
    double[] game = Games.random(PLAYERS, 5);
    double[] exact = ExactShapley.values(PLAYERS, game);
    ProcessCorrection correction = correction(game, 5);
    double before = Games.error(correction.estimate().values(), exact);
    correction.add(play(random(5, FITTED, 20_000), game));
    ShapleyValues found = correction.estimate();
    double plain =
        Games.error(
            new UnbiasedRegression().estimate(play(random(5, 0, 20_000), game)).values(), exact);
    double error = Games.error(found.values(), exact);
    assertTrue(error < before / 10, error + ", the process alone " + before);
    assertTrue(error < 2 * plain, error + ", regression alone " + plain);
  }

  @Test
  void fewPairsLeaveTheProcessAsItIs() {
    double[] game = game(3);
    ProcessCorrection correction = correction(game, 3);
    ShapleyValues before = correction.estimate();
    correction.add(play(random(3, FITTED, FITTED + 63), game));
    assertSame(before, correction.estimate());
    correction.add(play(random(3, FITTED + 63, FITTED + 64), game));
    assertEquals(64, correction.pairs());
    assertTrue(before != correction.estimate());
  }

  @Test
  void sumsDoNotDependOnTheParts() {
    double[] game = game(4);
    ProcessCorrection whole = correction(game, 4);
    whole.add(play(random(4, FITTED, 200), game));
    ProcessCorrection parts = correction(game, 4);
    for (int from = FITTED; from < 200; from += 7) {
      parts.add(play(random(4, from, Math.min(200, from + 7)), game));
      parts.estimate();
    }
    assertArrayEquals(whole.estimate().values(), parts.estimate().values());
    assertArrayEquals(whole.estimate().standardErrors(), parts.estimate().standardErrors());
  }

  @Test
  void aGameThatTheProcessKnowsStaysExact() {
    double[] game = new double[1 << PLAYERS];
    ProcessCorrection correction = correction(game, 1);
    correction.add(play(random(1, FITTED, 200), game));
    assertArrayEquals(new double[PLAYERS], correction.estimate().values(), 1e-12);
  }
}
