// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.explain.shapley.ActiveDesign;
import dev.whybox.explain.shapley.AntitheticPermutations;
import dev.whybox.explain.shapley.BoostedTrees;
import dev.whybox.explain.shapley.ExactShapley;
import dev.whybox.explain.shapley.GaussianProcess;
import dev.whybox.explain.shapley.LinearSurrogate;
import dev.whybox.explain.shapley.Mixture;
import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.explain.shapley.PairedScores;
import dev.whybox.explain.shapley.PriorMean;
import dev.whybox.explain.shapley.ProcessFamily;
import dev.whybox.explain.shapley.ResidualCorrection;
import dev.whybox.explain.shapley.ShapleyEstimator;
import dev.whybox.explain.shapley.ShapleyValues;
import dev.whybox.explain.shapley.SurrogateFamily;
import dev.whybox.explain.shapley.UnbiasedRegression;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.ChosenCoalitions;
import dev.whybox.perturb.Coalitions;
import dev.whybox.perturb.LeverageCoalitions;
import dev.whybox.perturb.PermutationCoalitions;
import dev.whybox.perturb.ShapleyCoalitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Plays stored games back and prints each estimator's normalised squared error, Σ(φ̂−φ)²/Σφ²,
 * against forwards: means over seeds, geometric means over targets. Arguments: seeds, a file of
 * {@link StoredGame}, and for one of more than 20 players, whose design can't be chosen from what
 * is stored, the model, its size, the picture, rows, columns and the baseline (gray where it is
 * left out). {@code -Drows=REGEX} prints only the rows whose name it finds, {@code -Dfitted=PAIRS}
 * is the most that surrogates are fitted to (default 128).
 */
public final class Games {
  private static final int MOST_FITTED = Integer.getInteger("fitted", 128);
  private static final int WAVE = 8;
  private static final int[] PAIRS = {16, 32, 47, 64, 128, 256, 512};

  private final StoredGame game;
  private final LiveGame live;
  private final int[] pairs;
  private final int seeds;
  private final int targets;
  private final double[][] exact;
  private final Map<String, Coverage> coverages = new LinkedHashMap<>();
  private Coverage cover;

  /** Seconds that the mathematics of a row took in all, up to each number of pairs. */
  private double[] mathematics;

  Games(StoredGame game, LiveGame live, int seeds, int... pairs) {
    this.game = game;
    this.pairs = pairs;
    this.live = live;
    this.seeds = seeds;
    this.targets = game.scores().length;
    this.exact = new double[targets][];
    for (int t = 0; t < targets; t++) {
      exact[t] = enumerated() ? enumerate(t) : reference(t);
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
      new Games(stored, null, Integer.parseInt(arguments[0]), PAIRS).print(arguments[1]);
      return;
    }
    try (LiveGame live =
        new LiveGame(
            Path.of(arguments[2]),
            Integer.parseInt(arguments[3]),
            Path.of(arguments[4]),
            Integer.parseInt(arguments[5]),
            Integer.parseInt(arguments[6]),
            arguments.length > 7 ? Baseline.parse(arguments[7]) : Baseline.GRAY)) {
      new Games(stored, live, Integer.parseInt(arguments[0]), PAIRS).print(arguments[1]);
    }
  }

  private boolean enumerated() {
    return game.players() <= StoredGame.MOST_ENUMERATED;
  }

  private void print(String name) {
    System.out.printf("%s: %d players, %d targets%n", name, game.players(), targets);
    System.out.printf("| %-30s", "forwards");
    Arrays.stream(pairs).forEach(each -> System.out.printf("| %7d ", 2 * each + 2));
    System.out.println("|");
    if (enumerated()) {
      row("KernelSHAP", seed -> sampled(seed, ShapleyCoalitions::new, PairedRegression::kernel));
    }
    random("Leverage SHAP", PairedRegression::leverage);
    random("Leverage SHAP, unbiased", UnbiasedRegression::new);
    if (enumerated()) {
      row(
          "antithetic permutations",
          seed -> sampled(seed, PermutationCoalitions::new, AntitheticPermutations::new));
    }
    random("linear", LinearSurrogate::new);
    random("trees", BoostedTrees::new);
    random("trees, corrected", () -> corrected(new BoostedTrees()));
    random("process", ProcessFamily::new);
    random("process, corrected", () -> corrected(new ProcessFamily()));
    random("process on even values", () -> new PriorMean(new ProcessFamily()));
    random("trees on even values", () -> new PriorMean(new BoostedTrees()));
    random("mixture", Mixture::of);
    random("mixture, corrected", () -> corrected(Mixture.of()));
    double[][][] none = {};
    double[][][] box = {game.overlaps()};
    double[][][] both = {game.slopes(), game.overlaps()};
    active("process, active", none, false);
    active("process, active, gradient", new double[][][] {game.slopes()}, false);
    active("process, active, box", box, false);
    active("process, active, both", both, false);
    active("mixture, active", none, true);
    active("mixture, active, box", box, true);
    active("mixture, active, both", both, true);
    coverages.forEach((row, found) -> System.out.printf("%s: %s%n", row, found));
  }

  private static ShapleyEstimator corrected(SurrogateFamily family) {
    return new ResidualCorrection(family, new UnbiasedRegression());
  }

  private void random(String name, Estimators estimators) {
    row(name, seed -> sampled(seed, LeverageCoalitions::new, estimators));
  }

  private void active(String name, double[][][] hints, boolean mixed) {
    row(name, seed -> active(seed, mixed, hints));
  }

  /** How often a 95 % interval holds the true value, over all budgets, seeds, targets, players. */
  private static final class Coverage {
    private long covered;
    private long judged;

    @Override
    public String toString() {
      return "95 %% intervals cover %.3f of %d".formatted((double) covered / judged, judged);
    }
  }

  /** Errors of a seed: a row a budget, a column a target; null where not run. */
  private interface Trial {
    double[][] errors(int seed);
  }

  /**
   * The estimators of {@code --estimator}.
   *
   * @param name the label
   * @return mean errors over seeds and targets, then seconds of mathematics for one target, a
   *     number of pairs a column; NaN where not run
   */
  double[][] curve(String name) {
    double[][][] both = {game.slopes(), game.overlaps()};
    Trial trial =
        switch (name) {
          case "kernel" -> seed -> sampled(seed, ShapleyCoalitions::new, PairedRegression::kernel);
          case "leverage" ->
              seed -> sampled(seed, LeverageCoalitions::new, PairedRegression::leverage);
          case "permutation" ->
              seed -> sampled(seed, PermutationCoalitions::new, AntitheticPermutations::new);
          case "trees" ->
              seed -> sampled(seed, LeverageCoalitions::new, () -> corrected(new BoostedTrees()));
          case "mixture" -> seed -> active(seed, true, both);
          case "gaussian" -> seed -> active(seed, false, both);
          default -> throw new IllegalArgumentException("No estimator is called " + name + ".");
        };
    cover = new Coverage();
    mathematics = new double[pairs.length];
    double[][] curve = new double[2][pairs.length];
    for (int seed = 0; seed < seeds; seed++) {
      double[][] errors = trial.errors(seed);
      for (int p = 0; p < pairs.length; p++) {
        curve[0][p] +=
            errors[p] == null ? Double.NaN : Arrays.stream(errors[p]).sum() / seeds / targets;
      }
    }
    for (int p = 0; p < pairs.length; p++) {
      curve[1][p] = mathematics[p] / seeds / targets;
    }
    return curve;
  }

  private void row(String name, Trial trial) {
    if (!Pattern.compile(System.getProperty("rows", "")).matcher(name).find()) {
      return;
    }
    mathematics = new double[pairs.length];
    cover = new Coverage();
    coverages.put(name, cover);
    double[][] means = new double[pairs.length][targets];
    boolean[] run = new boolean[pairs.length];
    long start = System.nanoTime();
    for (int seed = 0; seed < seeds; seed++) {
      double[][] errors = trial.errors(seed);
      for (int p = 0; p < pairs.length; p++) {
        run[p] = errors[p] != null;
        for (int t = 0; run[p] && t < targets; t++) {
          means[p][t] += errors[p][t] / seeds;
        }
      }
    }
    System.out.printf("| %-30s", name);
    for (int p = 0; p < pairs.length; p++) {
      double logs = Arrays.stream(means[p]).map(Math::log).average().orElseThrow();
      System.out.print(run[p] ? "| %7.1e ".formatted(Math.exp(logs)) : "|         ");
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
    double[][] errors = new double[pairs.length][];
    // What is stored of a game with many players is cut into pieces, one a seed.
    int most = pairs[pairs.length - 1];
    Coalitions design = designs.of(game.players(), enumerated() ? seed : StoredGame.SEED);
    int first = enumerated() ? 0 : seed * most;
    for (int p = 0; p < pairs.length; p++) {
      for (int t = 0; t < targets; t++) {
        ShapleyEstimator estimator = estimators.get();
        if (slow(estimator) && pairs[p] > MOST_FITTED) {
          return errors;
        }
        errors[p] = errors[p] == null ? new double[targets] : errors[p];
        PairedScores scores = stored(design, first, pairs[p], t);
        long start = System.nanoTime();
        ShapleyValues estimate = estimator.estimate(scores);
        mathematics[p] += (System.nanoTime() - start) * 1e-9;
        errors[p][t] = judge(estimate, t);
      }
    }
    return errors;
  }

  private static boolean slow(ShapleyEstimator estimator) {
    return estimator instanceof SurrogateFamily || estimator instanceof ResidualCorrection;
  }

  /** The normalised squared error; counts which intervals cover the value. */
  private double judge(ShapleyValues estimate, int target) {
    for (int k = 0; k < game.players(); k++) {
      double off = Math.abs(estimate.values()[k] - exact[target][k]);
      double error = estimate.standardErrors()[k];
      if (!Double.isNaN(error)) {
        cover.covered += off <= 1.96 * error ? 1 : 0;
        cover.judged++;
      }
    }
    return error(estimate.values(), target);
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

  private PairedScores stored(Coalitions design, int first, int count, int target) {
    float[] scores = game.scores()[target];
    long[][] bits = new long[count][design.words()];
    double[] ones = new double[count];
    double[] others = new double[count];
    for (int i = 0; i < count; i++) {
      design.get(2L * (first + i), bits[i]);
      int place = enumerated() ? (int) bits[i][0] : 2 * (first + i) + 2;
      ones[i] = scores[place];
      others[i] = scores[enumerated() ? scores.length - 1 - place : place + 1];
    }
    double full = scores[enumerated() ? scores.length - 1 : 0];
    double empty = scores[enumerated() ? 0 : 1];
    return new PairedScores(game.players(), bits, ones, others, full, empty);
  }

  private double[] enumerate(int target) {
    float[] scores = game.scores()[target];
    double[] all = new double[scores.length];
    Arrays.setAll(all, c -> scores[c]);
    return ExactShapley.values(game.players(), all);
  }

  private double[] reference(int target) {
    int pairs = game.scores()[target].length / 2 - 1;
    LeverageCoalitions design = new LeverageCoalitions(game.players(), StoredGame.SEED);
    return PairedRegression.leverage().estimate(stored(design, 0, pairs, target)).values();
  }

  private static double[][] hints(double[][][] hints, int target) {
    return Arrays.stream(hints).map(hint -> standard(hint[target])).toArray(double[][]::new);
  }

  private double[][] active(int seed, boolean mixed, double[][][] hints) {
    double[][] errors = new double[pairs.length][];
    ChosenCoalitions design = new ChosenCoalitions(game.players());
    LeverageCoalitions drawn = new LeverageCoalitions(game.players(), seed);
    ActiveDesign choice = new ActiveDesign(game.players(), seed);
    List<GaussianProcess> processes = new ArrayList<>();
    double[] gains = new double[targets];
    for (int t = 0; t < targets; t++) {
      processes.add(new GaussianProcess(hints(hints, t)));
    }
    long[] bits = new long[design.words()];
    for (int i = 0; i < pairs[0]; i++) {
      drawn.get(2L * i, bits);
      design.addPair(bits);
    }
    LiveGame.Session session = live == null ? null : live.play(design);
    try {
      float[] references = session == null ? null : session.references();
      List<float[]> played = new ArrayList<>();
      double spent = 0;
      for (int p = 0; p < pairs.length && pairs[p] <= MOST_FITTED; ) {
        if (session != null) {
          float[] more = session.scores(2 * played.size(), design.count() - 2 * played.size());
          for (int i = 0; i < more.length; i += 2 * targets) {
            played.add(Arrays.copyOfRange(more, i, i + 2 * targets));
          }
        }
        int known = design.count() / 2;
        boolean asked = known == pairs[p];
        long start = System.nanoTime();
        double estimated = 0;
        for (int t = 0; t < targets; t++) {
          PairedScores scores =
              session == null ? stored(design, 0, known, t) : played(design, played, references, t);
          gains[t] = scores.gain();
          if (!asked) {
            processes.get(t).fit(scores);
          } else {
            long before = System.nanoTime();
            // The process itself is left as the product leaves it, for the next choice.
            ShapleyValues estimate =
                (mixed ? Mixture.of(hints(hints, t)) : processes.get(t).copy()).estimate(scores);
            estimated += (System.nanoTime() - before) * 1e-9;
            processes.get(t).fit(scores);
            errors[p] = errors[p] == null ? new double[targets] : errors[p];
            errors[p][t] = judge(estimate, t);
          }
        }
        if (asked) {
          mathematics[p] += spent + estimated;
          p++;
        }
        int next = Math.min(WAVE, p < pairs.length ? pairs[p] - known : WAVE);
        choice.choose(processes, gains, next).forEach(design::addPair);
        spent += (System.nanoTime() - start) * 1e-9 - estimated;
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
  static double[] standard(double[] amounts) {
    double most = Arrays.stream(amounts).max().orElseThrow();
    double[] logs = Arrays.stream(amounts).map(a -> Math.log(a + 0.01 * most + 1e-12)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance = Arrays.stream(logs).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    return Arrays.stream(logs).map(a -> (a - mean) / Math.sqrt(variance + 1e-12)).toArray();
  }
}
