// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.PermutationCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.image.Baseline;
import dev.whybox.shapley.ActiveDesign;
import dev.whybox.shapley.AntitheticPermutations;
import dev.whybox.shapley.BoostedTrees;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.GaussianProcess;
import dev.whybox.shapley.LinearSurrogate;
import dev.whybox.shapley.Mixture;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.PriorMean;
import dev.whybox.shapley.ProcessFamily;
import dev.whybox.shapley.ResidualCorrection;
import dev.whybox.shapley.ShapleyEstimator;
import dev.whybox.shapley.ShapleyValues;
import dev.whybox.shapley.SurrogateFamily;
import dev.whybox.shapley.UnbiasedRegression;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Plays stored games back and prints each estimator's normalised squared error, Σ(φ̂−φ)²/Σφ²,
 * against forwards: means over seeds, geometric means over targets. Arguments: seeds and a file of
 * {@link StoredGame}. One of more than 20 players is played anew, what is stored is the reference;
 * it is given as FILE,MODEL,SIZE,PICTURE,ROWS,COLUMNS, and the baseline where it is not gray.
 * {@code -Drows=REGEX} prints only the rows whose name it finds, {@code -Dfitted=PAIRS} is the most
 * that surrogates are fitted to (default 128).
 */
public final class Games implements AutoCloseable {
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

  /** Processor seconds that the mathematics of a row took in all, up to each number of pairs. */
  private double[] mathematics;

  private Games(StoredGame game, LiveGame live, int seeds, int... pairs) {
    this.game = game;
    this.pairs = pairs;
    this.live = live;
    this.seeds = seeds;
    this.targets = game.scores().length;
    this.exact = new double[targets][];
    for (int t = 0; t < targets; t++) {
      exact[t] = game.values(t);
    }
  }

  /**
   * Runs the program.
   *
   * @param arguments see above
   * @throws IOException where a file can't be read
   */
  public static void main(String[] arguments) throws IOException {
    try (Games games = Games.of(arguments[1], Integer.parseInt(arguments[0]), PAIRS)) {
      games.print(arguments[1]);
    }
  }

  /**
   * Opens a game.
   *
   * @param name FILE or FILE,MODEL,SIZE,PICTURE,ROWS,COLUMNS[,BASELINE], see above
   * @param seeds how many designs
   * @param pairs after how many pairs errors are told
   * @throws IOException where a file can't be read
   */
  static Games of(String name, int seeds, int... pairs) throws IOException {
    String[] parts = name.split(",");
    StoredGame stored = StoredGame.read(Path.of(parts[0]));
    LiveGame live =
        parts.length == 1
            ? null
            : new LiveGame(
                Path.of(parts[1]),
                Integer.parseInt(parts[2]),
                Path.of(parts[3]),
                Integer.parseInt(parts[4]),
                Integer.parseInt(parts[5]),
                parts.length > 6 ? Baseline.parse(parts[6]) : Baseline.GRAY);
    return new Games(stored, live, seeds, pairs);
  }

  @Override
  public void close() {
    if (live != null) {
      live.close();
    }
  }

  private void print(String name) {
    System.out.printf("%s: %d players, %d targets%n", name, game.players(), targets);
    System.out.printf("| %-30s", "forwards");
    Arrays.stream(pairs).forEach(each -> System.out.printf("| %7d ", 2 * each + 2));
    System.out.println("|");
    row("KernelSHAP", seed -> sampled(seed, ShapleyCoalitions::new, PairedRegression::kernel));
    random("Leverage SHAP", PairedRegression::leverage);
    random("Leverage SHAP, unbiased", UnbiasedRegression::new);
    row(
        "antithetic permutations",
        seed -> sampled(seed, PermutationCoalitions::new, AntitheticPermutations::new));
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

  /** Errors of a seed: a row a budget, a column per target; null where not run. */
  private interface Trial {
    double[][] errors(int seed);
  }

  /**
   * The estimators of {@code --estimator}.
   *
   * @param name the label
   * @return errors, geometric means over targets of means over seeds, then seconds of mathematics
   *     for one target, a number of pairs a column; NaN where not run
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
    double[][] means = means(trial);
    for (int p = 0; p < pairs.length; p++) {
      curve[0][p] = means[p] == null ? Double.NaN : geometric(means[p]);
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
    long start = System.nanoTime();
    double[][] means = means(trial);
    System.out.printf("| %-30s", name);
    for (double[] mean : means) {
      System.out.print(mean == null ? "|         " : "| %7.1e ".formatted(geometric(mean)));
    }
    System.out.printf("| %.1f s%n", (System.nanoTime() - start) * 1e-9);
  }

  /** Means over seeds, a row a budget, a column per target; null where not run. */
  private double[][] means(Trial trial) {
    double[][] means = new double[pairs.length][targets];
    for (int seed = 0; seed < seeds; seed++) {
      double[][] errors = trial.errors(seed);
      for (int p = 0; p < pairs.length; p++) {
        means[p] = errors[p] == null ? null : means[p];
        for (int t = 0; means[p] != null && t < targets; t++) {
          means[p][t] += errors[p][t] / seeds;
        }
      }
    }
    return means;
  }

  private static double geometric(double[] amounts) {
    return Math.exp(Arrays.stream(amounts).map(Math::log).average().orElseThrow());
  }

  /** Processor time of this thread in nanoseconds: other work on the machine is not in it. */
  private static long processor() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
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
    Coalitions design = designs.of(game.players(), seed);
    try (GameScores source = scores(design)) {
      for (int p = 0; p < pairs.length; p++) {
        for (int t = 0; t < targets; t++) {
          ShapleyEstimator estimator = estimators.get();
          if (slow(estimator) && pairs[p] > MOST_FITTED) {
            return errors;
          }
          errors[p] = errors[p] == null ? new double[targets] : errors[p];
          ComplementPairs known = source.of(pairs[p], t);
          long start = processor();
          ShapleyValues estimate = estimator.estimate(known);
          mathematics[p] += (processor() - start) * 1e-9;
          errors[p][t] = judge(estimate, pairs[p], t);
        }
      }
    }
    return errors;
  }

  private static boolean slow(ShapleyEstimator estimator) {
    return estimator instanceof SurrogateFamily || estimator instanceof ResidualCorrection;
  }

  /** The normalised squared error; counts which intervals cover the value. */
  private double judge(ShapleyValues estimate, int pairs, int target) {
    for (int k = 0; k < game.players(); k++) {
      double off = Math.abs(estimate.values()[k] - exact[target][k]);
      double error = estimate.standardErrors()[k];
      if (!Double.isNaN(error)) {
        cover.add(pairs, off, error);
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

  private GameScores scores(Coalitions design) {
    return live == null
        ? (pairs, target) -> game.pairs(design, pairs, target)
        : new PlayedScores(design, live.play(design), targets);
  }

  private static double[][] hints(double[][][] hints, int target) {
    return Arrays.stream(hints)
        .map(hint -> StoredGame.standard(hint[target]))
        .toArray(double[][]::new);
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
    try (GameScores source = scores(design)) {
      double spent = 0;
      int fitted = 0;
      for (int p = 0; p < pairs.length && pairs[p] <= MOST_FITTED; ) {
        int known = design.count() / 2;
        List<ComplementPairs> scores =
            IntStream.range(0, targets).mapToObj(t -> source.of(known, t)).toList();
        boolean asked = known == pairs[p];
        long start = processor();
        double estimated = 0;
        for (int t = 0; t < targets; t++) {
          gains[t] = scores.get(t).gain();
          if (asked) {
            long before = processor();
            // The process itself is left as the product leaves it, for the next choice.
            ShapleyValues estimate =
                (mixed ? Mixture.of(hints(hints, t)) : processes.get(t).copy())
                    .estimate(scores.get(t));
            estimated += (processor() - before) * 1e-9;
            errors[p] = errors[p] == null ? new double[targets] : errors[p];
            errors[p][t] = judge(estimate, pairs[p], t);
          }
        }
        if (asked) {
          mathematics[p] += spent + estimated;
          p++;
        }
        int next = Math.min(WAVE, p < pairs.length ? pairs[p] - known : WAVE);
        // As the product does: a pool serves until a new fit pays.
        if (known + 1 < GaussianProcess.GROWTH * fitted) {
          choice.more(next).forEach(design::addPair);
        } else {
          fitted = known + 1;
          for (int t = 0; t < targets; t++) {
            processes.get(t).fit(scores.get(t));
          }
          choice.choose(processes, gains, next).forEach(design::addPair);
        }
        spent += (processor() - start) * 1e-9 - estimated;
      }
    }
    return errors;
  }
}
