// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.shapley.ActiveDesign;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.GaussianProcess;
import dev.whybox.shapley.ShapleyValues;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Processor time of what {@code gaussian} computes between forwards: fits and choices in waves of
 * eight pairs, then the estimate, on synthetic games whose scores cost nothing here. Arguments: the
 * side of the grid, pairs in all, targets, rounds (one before them warms the virtual machine up).
 */
public final class Mathematics {
  private static final int WAVE = 8;

  private Mathematics() {}

  /**
   * Runs the program.
   *
   * @param arguments see above
   */
  public static void main(String[] arguments) {
    int side = Integer.parseInt(arguments[0]);
    int pairs = Integer.parseInt(arguments[1]);
    int targets = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    double[] sums = new double[4];
    for (int round = -1; round < rounds; round++) {
      List<SyntheticGame> games = new ArrayList<>();
      for (int t = 0; t < targets; t++) {
        SyntheticGame.Shape[] shapes = SyntheticGame.Shape.values();
        games.add(new SyntheticGame(shapes[t % shapes.length], side, 100 + round));
      }
      double[] found = run(games, pairs, round);
      System.out.printf(
          "%s: fits %.0f ms, choices %.0f ms, estimates %.0f ms, mean error %.3g%n",
          round < 0 ? "warm-up" : "round " + round, found[0], found[1], found[2], found[3]);
      for (int i = 0; i < sums.length && round >= 0; i++) {
        sums[i] += found[i] / rounds;
      }
    }
    System.out.printf(
        "%d × %d cells, %d forwards, targets %d: %.0f + %.0f + %.0f = %.0f ms, mean error %.3g%n",
        side,
        side,
        2 * pairs + 2,
        targets,
        sums[0],
        sums[1],
        sums[2],
        sums[0] + sums[1] + sums[2],
        sums[3]);
  }

  private static double[] run(List<SyntheticGame> games, int pairs, long seed) {
    int cells = games.get(0).cells();
    double[] box = hint(games.get(0));
    List<GaussianProcess> processes = games.stream().map(g -> new GaussianProcess(box)).toList();
    LeverageCoalitions random = new LeverageCoalitions(cells, seed);
    ActiveDesign design = new ActiveDesign(cells, seed);
    List<long[]> played = new ArrayList<>();
    for (int i = 0; i < 2 * WAVE; i++) {
      long[] bits = new long[random.words()];
      random.get(2L * i, bits);
      played.add(bits);
    }
    double[] milliseconds = new double[4];
    int fitted = 0;
    while (played.size() < pairs) {
      // The last wave is being played while the next one is chosen.
      int known = played.size() - WAVE;
      if (known + 1 < GaussianProcess.GROWTH * fitted) {
        milliseconds[1] += timed(() -> played.addAll(design.more(WAVE)));
        continue;
      }
      fitted = known + 1;
      List<ComplementPairs> scores = scores(games, played.subList(0, known));
      milliseconds[0] += timed(() -> fit(processes, scores));
      double[] gains = scores.stream().mapToDouble(ComplementPairs::gain).toArray();
      List<long[]> waiting = List.copyOf(played.subList(known, played.size()));
      milliseconds[1] += timed(() -> played.addAll(design.choose(processes, gains, waiting, WAVE)));
    }
    List<ComplementPairs> scores = scores(games, played);
    List<ShapleyValues> values = new ArrayList<>();
    milliseconds[2] =
        timed(
            () -> {
              for (int t = 0; t < processes.size(); t++) {
                values.add(processes.get(t).estimate(scores.get(t)));
              }
            });
    double log = 0;
    for (int t = 0; t < games.size(); t++) {
      log += Math.log(error(values.get(t).values(), games.get(t).reference())) / games.size();
    }
    milliseconds[3] = Math.exp(log);
    return milliseconds;
  }

  private static void fit(List<GaussianProcess> processes, List<ComplementPairs> scores) {
    for (int t = 0; t < processes.size(); t++) {
      processes.get(t).fit(scores.get(t));
    }
  }

  /** Processor time of this thread, in milliseconds. */
  private static double timed(Runnable work) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) * 1e-6;
  }

  private static double[] hint(SyntheticGame game) {
    double[] hint = new double[game.cells()];
    Arrays.setAll(hint, k -> game.inside(k) ? 1 : 0);
    double mean = Arrays.stream(hint).average().orElseThrow();
    double deviation = Math.sqrt(mean - mean * mean);
    return Arrays.stream(hint).map(h -> (h - mean) / deviation).toArray();
  }

  private static List<ComplementPairs> scores(List<SyntheticGame> games, List<long[]> pairs) {
    return games.stream().map(game -> scores(game, pairs)).toList();
  }

  private static ComplementPairs scores(SyntheticGame game, List<long[]> pairs) {
    int cells = game.cells();
    double[][] scores = new double[2][pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      long[] bits = pairs.get(i);
      for (int side = 0; side < 2; side++) {
        int present = 1 - side;
        double[] there = new double[cells];
        Arrays.setAll(there, k -> (bits[k >> 6] >>> k & 1) == present ? 1 : 0);
        scores[side][i] = game.score(there);
      }
    }
    double[] all = new double[cells];
    Arrays.fill(all, 1);
    return new ComplementPairs(
        cells,
        pairs.toArray(long[][]::new),
        scores[0],
        scores[1],
        game.score(all),
        game.score(new double[cells]));
  }

  /** Σ(φ̂−φ)² / Σφ². */
  static double error(double[] found, double[] reference) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < found.length; k++) {
      square += Math.pow(found[k] - reference[k], 2);
      norm += Math.pow(reference[k], 2);
    }
    return square / norm;
  }
}
