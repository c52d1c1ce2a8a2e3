// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.explain.shapley.ActiveDesign;
import dev.whybox.explain.shapley.GaussianProcess;
import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.explain.shapley.PairedScores;
import dev.whybox.explain.shapley.ShapleyValues;
import dev.whybox.perturb.ChosenCoalitions;
import dev.whybox.perturb.LeverageCoalitions;
import dev.whybox.perturb.Segments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shapley values of a Gaussian process whose coalitions are chosen wave by wave, in the light of
 * the scores before: those that are expected to lower the variance of the values most, over all
 * targets together. A wave is chosen while the one before it is played, whose coalitions are known
 * but not their scores, so that forwards and mathematics go on side by side.
 *
 * <p>It begins with pairs of {@link LeverageCoalitions}, so with {@link Approximation#AUTO} and a
 * deadline it may also go on with them, and leave the process for Leverage SHAP. Without a deadline
 * what is chosen is a function of the seed and the scores alone, however they were cut into waves.
 */
final class GrowingEstimator implements Estimator {
  /** Pairs in a wave, of which the first two are random; with a deadline there may be more. */
  static final int WAVE = 8;

  /** More pairs than this cost a process more time than they are worth. */
  static final int MOST_PAIRS = 256;

  /**
   * Leverage SHAP makes up for the process only with so many samples a player: on a game of 64
   * players 5,000 were still five times as far off as 512 of the process.
   */
  private static final long MANY_A_PLAYER = 128;

  /** More targets than this have no say in the choice, else it would take longer than forwards. */
  private static final int MOST_TARGETS = 8;

  /** With a deadline, waves are so long that a choice takes this part of their forwards' time. */
  private static final double SHARE = 0.1;

  /** So many waves' pairs at most in one. */
  private static final int LONGEST = 4;

  /** How many times as long as the first choice, on a machine not warm, all that follow take. */
  private static final double REPEATS = 5;

  private final Segments segments;
  private final ChosenCoalitions design;
  private final LeverageCoalitions drawn;
  private final ActiveDesign choice;
  private final CoalitionScores scores;
  private final List<GaussianProcess> processes = new ArrayList<>();
  private final long asked;
  private final int threads;
  private final long seed;

  /** What is played; null until the first scores have told, with auto and a deadline. */
  private Approximation used;

  private String reason;
  private long checkpoint;
  private double last;
  private double slowest;
  private boolean timed;

  /**
   * An estimator.
   *
   * @param hints of each target, what is known of where the segments matter, standardised
   * @param asked how the process was chosen; null where that is left to what forwards take
   * @param samples how many are wanted
   * @param threads for the last estimate, at least 1
   */
  GrowingEstimator(
      Segments segments,
      ChosenCoalitions design,
      long seed,
      double[][][] hints,
      Estimation asked,
      long samples,
      int threads) {
    int players = segments.count();
    this.segments = segments;
    this.design = design;
    this.drawn = new LeverageCoalitions(players, seed);
    this.choice = new ActiveDesign(players, seed);
    this.scores = new CoalitionScores(design, hints.length);
    this.asked = samples;
    this.threads = threads;
    this.seed = seed;
    this.used = asked == null ? null : Approximation.GAUSSIAN;
    this.reason = asked == null ? "auto: no forward was timed yet" : asked.reason();
    for (double[][] hint : hints) {
      processes.add(new GaussianProcess(hint));
    }
    draw(WAVE);
    this.checkpoint = design.count();
    draw(WAVE);
  }

  /** Adds random pairs, as many as are still wanted. */
  private void draw(long pairs) {
    long[] bits = new long[design.words()];
    long end = Math.min(samples(), design.count() + 2 * pairs);
    while (design.count() < end) {
      drawn.get(design.count(), bits);
      design.addPair(bits);
    }
  }

  @Override
  public long samples() {
    long even = asked & ~1;
    return used == Approximation.GAUSSIAN ? Math.min(even, 2 * MOST_PAIRS) : even;
  }

  @Override
  public long ready() {
    return design.count();
  }

  @Override
  public long checkpoint() {
    return checkpoint;
  }

  @Override
  public Estimation estimation() {
    return new Estimation(
        (used == Approximation.LEVERAGE ? used : Approximation.GAUSSIAN).label(),
        reason,
        asked,
        samples());
  }

  @Override
  public void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public boolean advance(References references, Outlook outlook) {
    timed = outlook.timed();
    long before = design.count();
    List<long[]> chosen = List.of();
    if (used != Approximation.LEVERAGE && outlook.left() > 2 * slowest) {
      long start = System.nanoTime();
      chosen = choose(references, wave(outlook));
      last = (System.nanoTime() - start) * 1e-9;
      slowest = Math.max(slowest, last);
    }
    if (used == null) {
      decide(outlook);
    }
    if (used == Approximation.GAUSSIAN) {
      chosen.forEach(design::addPair);
    }
    if (design.count() == before) {
      draw(used == Approximation.LEVERAGE ? before / 8 + WAVE : WAVE);
    }
    checkpoint = before;
    return true;
  }

  /** How many pairs to choose: with a deadline the more, the longer a choice takes. */
  private int wave(Outlook outlook) {
    if (!outlook.timed()) {
      return WAVE;
    }
    double pairs = last / (SHARE * 2 * outlook.secondsPerImage());
    return (int) Math.max(WAVE, Math.min(LONGEST * WAVE, pairs));
  }

  /** Up to so many samples that are asked for, or fit into the time, the process is worth more. */
  static long few(int players) {
    return Math.max(2 * MOST_PAIRS, MANY_A_PLAYER * players);
  }

  /** Few clever samples or many cheap ones, by what fits into the time left. */
  private void decide(Outlook outlook) {
    long few = few(segments.count());
    double fit = outlook.left() / outlook.secondsPerImage();
    String where =
        String.format(
            Locale.ROOT,
            "auto: at %.3g ms a forward %%s %d fit",
            1e3 * outlook.secondsPerImage(),
            few);
    if (Math.min(asked, fit) > few) {
      used = Approximation.LEVERAGE;
      reason = where.formatted("more than");
    } else if (REPEATS * slowest > outlook.left()) {
      used = Approximation.LEVERAGE;
      reason = "auto: the time is too short for the mathematics of gaussian";
    } else {
      used = Approximation.GAUSSIAN;
      reason = where.formatted("no more than");
    }
  }

  /** Chooses by the scores up to the checkpoint, however many more there are. */
  private List<long[]> choose(References references, int wave) {
    int known = (int) checkpoint / 2;
    double[] gains = references.gains();
    List<Integer> heard = references.heard(MOST_TARGETS);
    heard.forEach(t -> processes.get(t).fit(scores.pairs(references, t, known)));
    List<long[]> played = new ArrayList<>();
    for (long sample = 2L * known; sample < design.count(); sample += 2) {
      long[] bits = new long[design.words()];
      design.get(sample, bits);
      played.add(bits);
    }
    int pairs = (int) Math.min(wave, (samples() - design.count()) / 2);
    return choice.choose(
        heard.stream().map(processes::get).toList(),
        heard.stream().mapToDouble(t -> gains[t]).toArray(),
        played,
        pairs);
  }

  /** Leaves the processes as they are, so that a look at a partial result changes nothing. */
  @Override
  public List<Estimate> estimate(References references) {
    return Workers.map(
        threads,
        scores.targets(),
        t -> PairedEstimator.of(segments, values(scores.pairs(references, t), t)));
  }

  @Override
  public List<Estimate> predict(Lime lime, References references) {
    if (used != Approximation.GAUSSIAN) {
      return List.of();
    }
    PredictedLime predicted = new PredictedLime(lime, segments, seed);
    return Workers.map(
        threads,
        scores.targets(),
        t ->
            predicted.estimate(
                processes.get(t).copy().posterior(scores.pairs(references, t), timed)));
  }

  private ShapleyValues values(PairedScores known, int target) {
    if (used == Approximation.LEVERAGE) {
      return PairedRegression.leverage().estimate(known);
    }
    GaussianProcess process = processes.get(target).copy();
    return timed ? process.quickEstimate(known) : process.estimate(known);
  }
}
