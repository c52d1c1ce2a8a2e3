// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.explain.shapley.ActiveDesign;
import dev.whybox.explain.shapley.AntitheticPermutations;
import dev.whybox.explain.shapley.GaussianProcess;
import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.explain.shapley.PairedScores;
import dev.whybox.explain.shapley.ShapleyEstimator;
import dev.whybox.explain.shapley.ShapleyValues;
import dev.whybox.perturb.ChosenCoalitions;
import dev.whybox.perturb.Coalitions;
import dev.whybox.perturb.LeverageCoalitions;
import dev.whybox.perturb.PermutationCoalitions;
import dev.whybox.perturb.ShapleyCoalitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Plays stored games back and prints each estimator's normalised squared error, Σ(φ̂−φ)²/Σφ²,
 * against forwards: means over seeds, geometric means over targets. Arguments: seeds, a file of
 * {@link StoredGame}, and for one of more than 20 players, whose design can't be chosen from what
 * is stored, the model, its size, the picture, rows and columns.
 */
public final class Games {
  private static final int[] PAIRS = {16, 32, 48, 64, 128, 256, 512};
  private static final int MOST_FITTED = 128;
  private static final int WAVE = 8;

  private final StoredGame game;
  private final LiveGame live;
  private final int seeds;
  private final int targets;
  private final double[][] exact;
  private long covered;
  private long judged;

  private Games(StoredGame game, LiveGame live, int seeds) {
    this.game = game;
    this.live = live;
    this.seeds = seeds;
    this.targets = game.scores().length;
    this.exact = new double[targets][];
    for (int t = 0; t < targets; t++) {
      exact[t] = enumerated() ? enumerate(game.scores()[t]) : reference(t);
    }
  }

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read
   */
  public static void main(String[] arguments) throws IOException {
    StoredGame stored = StoredGame.read(Path.of(arguments[1]));
    if (stored.players() <= StoredGame.MOST_ENUMERATED) {
      new Games(stored, null, Integer.parseInt(arguments[0])).print(arguments[1]);
      return;
    }
    try (LiveGame live =
        new LiveGame(
            Path.of(arguments[2]),
            Integer.parseInt(arguments[3]),
            Path.of(arguments[4]),
            Integer.parseInt(arguments[5]),
            Integer.parseInt(arguments[6]))) {
      new Games(stored, live, Integer.parseInt(arguments[0])).print(arguments[1]);
    }
  }

  private boolean enumerated() {
    return game.players() <= StoredGame.MOST_ENUMERATED;
  }

  private void print(String name) {
    System.out.printf("%s: %d players, %d targets%n", name, game.players(), targets);
    System.out.printf("| %-28s", "forwards");
    Arrays.stream(PAIRS).forEach(pairs -> System.out.printf("| %6d ", 2 * pairs + 2));
    System.out.println("|");
    if (enumerated()) {
      row("KernelSHAP", seed -> sampled(seed, ShapleyCoalitions::new, PairedRegression::kernel));
    }
    row(
        "Leverage SHAP",
        seed -> sampled(seed, LeverageCoalitions::new, PairedRegression::leverage));
    if (enumerated()) {
      row(
          "antithetic permutations",
          seed -> sampled(seed, PermutationCoalitions::new, AntitheticPermutations::new));
    }
    row("process", seed -> sampled(seed, LeverageCoalitions::new, GaussianProcess::new));
    row("process, active", seed -> active(seed));
    row("process, active, gradient", seed -> active(seed, game.slopes()));
    row("process, active, box", seed -> active(seed, game.overlaps()));
    row("process, active, both", seed -> active(seed, game.slopes(), game.overlaps()));
    System.out.printf("95 %% intervals of the processes cover %.3f%n", (double) covered / judged);
  }

  /** Errors of a seed: a row a budget, a column a target; null where not run. */
  private interface Trial {
    double[][] errors(int seed);
  }

  private void row(String name, Trial trial) {
    double[][] means = new double[PAIRS.length][targets];
    boolean[] run = new boolean[PAIRS.length];
    long start = System.nanoTime();
    for (int seed = 0; seed < seeds; seed++) {
      double[][] errors = trial.errors(seed);
      for (int p = 0; p < PAIRS.length; p++) {
        run[p] = errors[p] != null;
        for (int t = 0; run[p] && t < targets; t++) {
          means[p][t] += errors[p][t] / seeds;
        }
      }
    }
    System.out.printf("| %-28s", name);
    for (int p = 0; p < PAIRS.length; p++) {
      double logs = Arrays.stream(means[p]).map(Math::log).average().orElseThrow();
      System.out.print(run[p] ? "| %6.4f ".formatted(Math.exp(logs)) : "|        ");
    }
    System.out.printf("| %.1f s%n", (System.nanoTime() - start) * 1e-9);
  }

  /** Makes designs. */
  private interface Designs {
    Coalitions of(int players, long seed);
  }

  /** Makes estimators. */
  private interface Estimators {
    ShapleyEstimator get();
  }

  private double[][] sampled(int seed, Designs designs, Estimators estimators) {
    double[][] errors = new double[PAIRS.length][];
    // What is stored of a game with many players is cut into pieces, one a seed.
    int most = PAIRS[PAIRS.length - 1];
    Coalitions design = designs.of(game.players(), enumerated() ? seed : StoredGame.SEED);
    int first = enumerated() ? 0 : seed * most;
    for (int p = 0; p < PAIRS.length; p++) {
      for (int t = 0; t < targets; t++) {
        ShapleyEstimator estimator = estimators.get();
        if (estimator instanceof GaussianProcess && PAIRS[p] > MOST_FITTED) {
          return errors;
        }
        errors[p] = errors[p] == null ? new double[targets] : errors[p];
        errors[p][t] = error(estimator.estimate(stored(design, first, PAIRS[p], t)).values(), t);
      }
    }
    return errors;
  }

  private double error(double[] found, int target) {
    double square = 0;
    double norm = 0;
    for (int k = 0; k < found.length; k++) {
      square += Math.pow(found[k] - exact[target][k], 2);
      norm += Math.pow(exact[target][k], 2);
    }
    return square / norm;
  }

  private PairedScores stored(Coalitions design, int first, int pairs, int target) {
    float[] scores = game.scores()[target];
    long[][] bits = new long[pairs][design.words()];
    double[] ones = new double[pairs];
    double[] others = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      design.get(2L * (first + i), bits[i]);
      int place = enumerated() ? (int) bits[i][0] : 2 * (first + i) + 2;
      ones[i] = scores[place];
      others[i] = scores[enumerated() ? scores.length - 1 - place : place + 1];
    }
    double full = scores[enumerated() ? scores.length - 1 : 0];
    double empty = scores[enumerated() ? 0 : 1];
    return new PairedScores(game.players(), bits, ones, others, full, empty);
  }

  private double[] reference(int target) {
    int pairs = game.scores()[target].length / 2 - 1;
    LeverageCoalitions design = new LeverageCoalitions(game.players(), StoredGame.SEED);
    return PairedRegression.leverage().estimate(stored(design, 0, pairs, target)).values();
  }

  /** All scores are there: Shapley's formula. */
  private double[] enumerate(float[] scores) {
    int players = game.players();
    double[] values = new double[players];
    for (int c = 0; c < scores.length; c++) {
      int size = Integer.bitCount(c);
      double weight = 1.0 / players;
      for (int i = 1; i <= size; i++) {
        weight *= (double) i / (players - i);
      }
      for (int j = 0; j < players; j++) {
        if ((c >> j & 1) == 0) {
          values[j] += weight * (scores[c | 1 << j] - scores[c]);
        }
      }
    }
    return values;
  }

  private double[][] active(int seed, double[][]... hints) {
    double[][] errors = new double[PAIRS.length][];
    ChosenCoalitions design = new ChosenCoalitions(game.players());
    LeverageCoalitions start = new LeverageCoalitions(game.players(), seed);
    ActiveDesign choice = new ActiveDesign(game.players(), seed);
    List<GaussianProcess> processes = new ArrayList<>();
    double[] gains = new double[targets];
    for (int t = 0; t < targets; t++) {
      int target = t;
      processes.add(
          new GaussianProcess(
              Arrays.stream(hints).map(hint -> standard(hint[target])).toArray(double[][]::new)));
    }
    long[] bits = new long[design.words()];
    for (int i = 0; i < PAIRS[0]; i++) {
      start.get(2L * i, bits);
      design.addPair(bits);
    }
    LiveGame.Session session = live == null ? null : live.play(design);
    try {
      float[] references = session == null ? null : session.references();
      List<float[]> played = new ArrayList<>();
      for (int p = 0; PAIRS[p] <= MOST_FITTED; ) {
        if (session != null) {
          float[] more = session.scores(2 * played.size(), design.count() - 2 * played.size());
          for (int i = 0; i < more.length; i += 2 * targets) {
            played.add(Arrays.copyOfRange(more, i, i + 2 * targets));
          }
        }
        int pairs = design.count() / 2;
        boolean asked = pairs == PAIRS[p];
        for (int t = 0; t < targets; t++) {
          PairedScores scores =
              session == null ? stored(design, 0, pairs, t) : played(design, played, references, t);
          gains[t] = scores.gain();
          if (!asked) {
            processes.get(t).fit(scores);
          } else {
            // The process itself is left as the product leaves it, for the next choice.
            ShapleyValues estimate = processes.get(t).copy().estimate(scores);
            processes.get(t).fit(scores);
            double[] found = estimate.values();
            for (int k = 0; k < found.length; k++) {
              double off = Math.abs(found[k] - exact[t][k]);
              covered += off <= 1.96 * estimate.standardErrors()[k] ? 1 : 0;
              judged++;
            }
            errors[p] = errors[p] == null ? new double[targets] : errors[p];
            errors[p][t] = error(found, t);
          }
        }
        p += asked ? 1 : 0;
        choice.choose(processes, gains, WAVE).forEach(design::addPair);
      }
    } finally {
      if (session != null) {
        session.close();
      }
    }
    return errors;
  }

  private PairedScores played(
      Coalitions design, List<float[]> scores, float[] references, int target) {
    int pairs = scores.size();
    long[][] bits = new long[pairs][design.words()];
    double[] ones = new double[pairs];
    double[] others = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      design.get(2L * i, bits[i]);
      ones[i] = scores.get(i)[target];
      others[i] = scores.get(i)[targets + target];
    }
    return new PairedScores(
        game.players(), bits, ones, others, references[target], references[targets + target]);
  }

  /** Standardised logarithms. */
  private static double[] standard(double[] amounts) {
    double most = Arrays.stream(amounts).max().orElseThrow();
    double[] logs = Arrays.stream(amounts).map(a -> Math.log(a + 0.01 * most + 1e-12)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance = Arrays.stream(logs).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    return Arrays.stream(logs).map(a -> (a - mean) / Math.sqrt(variance + 1e-12)).toArray();
  }
}
