// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.explain.shapley.ActiveDesign;
import dev.whybox.explain.shapley.GaussianProcess;
import dev.whybox.explain.shapley.PairedRegression;
import dev.whybox.perturb.ChosenCoalitions;
import dev.whybox.perturb.LeverageCoalitions;
import dev.whybox.perturb.Segments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shapley values of a Gaussian process whose coalitions are chosen wave by wave, in the light of
 * all scores before: those that are expected to lower the variance of the values most, over all
 * targets together. It begins with pairs of {@link LeverageCoalitions}, so with {@link
 * Approximation#AUTO} it may also go on with them, and leave the process for Leverage SHAP.
 *
 * <p>What is chosen is a function of the seed and the scores alone, however they were cut into
 * waves; but where a deadline is near.
 */
final class GrowingEstimator implements Estimator {
  /** Pairs before the first choice, and in every wave after it. */
  static final int FIRST = 16;

  static final int WAVE = 8;

  /** More pairs than this cost a process more time than they are worth. */
  static final int MOST_PAIRS = 256;

  /** More targets than this have no say in the choice, else it would take longer than forwards. */
  private static final int MOST_TARGETS = 8;

  /** The part of the time left that the mathematics may take, by a guess after the first choice. */
  private static final double SHARE = 0.25;

  /** How many times as long as the first choice all choices and the estimate take, about. */
  private static final double REPEATS = 20;

  private final Segments segments;
  private final ChosenCoalitions design;
  private final LeverageCoalitions drawn;
  private final ActiveDesign choice;
  private final CoalitionScores scores;
  private final List<GaussianProcess> processes = new ArrayList<>();
  private final Approximation wanted;
  private final long asked;
  private Approximation used;
  private double slowest;

  /**
   * An estimator.
   *
   * @param hints of each target, what is known of where the segments matter, standardised
   * @param wanted gaussian, or auto
   */
  GrowingEstimator(
      Segments segments,
      ChosenCoalitions design,
      long seed,
      double[][][] hints,
      Approximation wanted,
      int samples) {
    int players = segments.count();
    this.segments = segments;
    this.design = design;
    this.drawn = new LeverageCoalitions(players, seed);
    this.choice = new ActiveDesign(players, seed);
    this.scores = new CoalitionScores(design, hints.length);
    this.wanted = wanted;
    this.asked = samples & ~1;
    this.used =
        wanted == Approximation.AUTO && asked > 2 * MOST_PAIRS ? null : Approximation.GAUSSIAN;
    for (double[][] hint : hints) {
      processes.add(new GaussianProcess(hint));
    }
    draw(FIRST);
  }

  /** Adds random pairs, as many as are still wanted. */
  private void draw(int pairs) {
    long[] bits = new long[design.words()];
    long end = Math.min(samples(), design.count() + 2L * pairs);
    while (design.count() < end) {
      drawn.get(design.count(), bits);
      design.addPair(bits);
    }
  }

  @Override
  public long samples() {
    return used == Approximation.GAUSSIAN ? Math.min(asked, 2 * MOST_PAIRS) : asked;
  }

  @Override
  public long ready() {
    return design.count();
  }

  @Override
  public void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public boolean advance(References references, Outlook outlook) {
    if (used == null) {
      used = outlook.timed() ? null : Approximation.LEVERAGE;
    }
    boolean late = outlook.left() < 2 * slowest;
    List<long[]> chosen = List.of();
    if (used != Approximation.LEVERAGE && !late) {
      long before = System.nanoTime();
      chosen = choose(references);
      slowest = Math.max(slowest, (System.nanoTime() - before) * 1e-9);
    }
    if (wanted == Approximation.AUTO && outlook.timed() && scores.count() == 2 * FIRST) {
      // The first choice has told what the mathematics takes.
      boolean few = outlook.left() / outlook.secondsPerImage() <= 2 * MOST_PAIRS;
      boolean quick = REPEATS * slowest < SHARE * outlook.left();
      used = few && quick ? Approximation.GAUSSIAN : Approximation.LEVERAGE;
    }
    if (used == Approximation.GAUSSIAN) {
      chosen.forEach(design::addPair);
    }
    if (design.count() == scores.count()) {
      draw(used == Approximation.LEVERAGE ? scores.count() / 8 + WAVE : WAVE);
    }
    return true;
  }

  private List<long[]> choose(References references) {
    double[] gains = gains(references);
    // A stable sort: of equals the first.
    List<Integer> heard =
        IntStream.range(0, gains.length)
            .boxed()
            .sorted(Comparator.comparing((Integer t) -> -Math.abs(gains[t])))
            .limit(MOST_TARGETS)
            .toList();
    heard.forEach(t -> processes.get(t).fit(scores.pairs(references, t)));
    int pairs = (int) Math.min(WAVE, (samples() - design.count()) / 2);
    return choice.choose(
        heard.stream().map(processes::get).toList(),
        heard.stream().mapToDouble(t -> gains[t]).toArray(),
        pairs);
  }

  private static double[] gains(References references) {
    double[] gains = new double[references.full().length];
    for (int t = 0; t < gains.length; t++) {
      gains[t] = (double) references.full()[t] - references.empty()[t];
    }
    return gains;
  }

  /** Leaves the processes as they are, so that a look at a partial result changes nothing. */
  @Override
  public List<Estimate> estimate(References references) {
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < scores.targets(); t++) {
      estimates.add(
          PairedEstimator.of(
              segments,
              (used == Approximation.LEVERAGE
                      ? PairedRegression.leverage()
                      : processes.get(t).copy())
                  .estimate(scores.pairs(references, t))));
    }
    return estimates;
  }
}
