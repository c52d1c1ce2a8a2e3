// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ActiveDesign;
import dev.whybox.shapley.ComplementPairs;
import dev.whybox.shapley.GamePosterior;
import dev.whybox.shapley.GaussianProcess;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.ProcessCorrection;
import dev.whybox.shapley.ShapleyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Shapley values of a Gaussian process whose coalitions are chosen wave by wave, in the light of
 * the scores before: those that are expected to lower the variance of the values most, over all
 * targets together. A wave is chosen while the one before it is played, whose coalitions are known
 * but not their scores, so that forwards and mathematics go on side by side.
 *
 * <p>It begins with pairs of {@link LeverageCoalitions}. With {@link ShapleyEstimatorKind#AUTO} it
 * goes on with them where there are forwards for more pairs than the process takes: they correct it
 * ({@link ProcessCorrection}), so that further samples never stop telling. Where the mathematics is
 * too slow for a deadline, it leaves the process for Leverage SHAP. Without a deadline what is
 * chosen is a function of the seed and the scores alone, however they were cut into waves.
 */
final class AdaptiveGaussianEstimator extends GrowingEstimator {
  /** More pairs than this cost a process more time than they are worth. */
  static final int MOST_PAIRS = 256;

  /** As many samples as the process takes. */
  private static final long FEW = 2L * MOST_PAIRS;

  /** More targets than this have no say in the choice, else it would take longer than forwards. */
  private static final int MOST_TARGETS = 8;

  /** With a deadline, waves are so long that a choice takes this part of their forwards' time. */
  private static final double SHARE = 0.1;

  /** So many waves' pairs at most in one. */
  private static final int LONGEST = 4;

  /** How many times as long as the first choice, on a machine not warm, all that follow take. */
  private static final double REPEATS = 5;

  private final Segments segments;
  private final LeverageCoalitions drawn;
  private final ActiveDesign choice;
  private final List<GaussianProcess> processes = new ArrayList<>();

  /** One a target as soon as the process has all its pairs and more may come; else empty. */
  private final List<ProcessCorrection> corrections = new ArrayList<>();

  private final boolean auto;
  private final long asked;
  private final int threads;
  private final long seed;

  /** What is played; null until the first scores have told, with auto and a deadline. */
  private ShapleyEstimatorKind used;

  private String reason;

  /** How many pairs the fits know by which the last pool was drawn; 0 where a new one is due. */
  private int fitted;

  /**
   * An estimator.
   *
   * @param hints of each target, guesses of which segments matter, standardised
   * @param auto whether samples that the process does not take correct it, and Leverage SHAP may
   *     stand in for it where a deadline is too short for it
   * @param timed whether there is a deadline
   * @param predicts whether other methods are predicted by the process, which then stays
   * @param samples how many are wanted
   * @param threads for the last estimate, at least 1
   */
  AdaptiveGaussianEstimator(
      Segments segments,
      ChosenCoalitions design,
      long seed,
      double[][][] hints,
      boolean auto,
      boolean timed,
      boolean predicts,
      long samples,
      int threads) {
    super(design, hints.length);
    int players = segments.count();
    this.segments = segments;
    this.drawn = new LeverageCoalitions(players, seed);
    this.choice = new ActiveDesign(players, seed);
    this.auto = auto;
    this.asked = samples;
    this.threads = threads;
    this.seed = seed;
    this.used = auto && timed && !predicts ? null : ShapleyEstimatorKind.GAUSSIAN;
    this.reason =
        used == null ? "auto: no forward was timed yet" : auto ? reason(samples) : "asked for";
    for (double[][] hint : hints) {
      processes.add(new GaussianProcess(hint));
    }
    begin();
  }

  private static String reason(long samples) {
    return samples > FEW
        ? "auto: those of more than " + FEW + " samples correct it"
        : "auto: " + FEW + " samples or fewer";
  }

  @Override
  long[] random() {
    long[] bits = new long[design.words()];
    drawn.get(design.count(), bits);
    return bits;
  }

  @Override
  public long samples() {
    long even = asked & ~1;
    return auto ? even : Math.min(even, FEW);
  }

  @Override
  public Optional<Estimation> estimation() {
    String label =
        used == ShapleyEstimatorKind.LEVERAGE
            ? used.label()
            : corrected() ? Estimation.CORRECTED : ShapleyEstimatorKind.GAUSSIAN.label();
    return Optional.of(new Estimation(label, reason, asked, samples()));
  }

  @Override
  boolean choosing() {
    return used != ShapleyEstimatorKind.LEVERAGE && design.count() < FEW;
  }

  @Override
  void take(References references, Outlook outlook, List<long[]> chosen) {
    if (used == null) {
      decide(outlook);
    }
    long before = design.count();
    if (used == ShapleyEstimatorKind.GAUSSIAN) {
      super.take(references, outlook, chosen);
      correct(references);
    }
    if (design.count() == before) {
      // The pool does not know of the random pairs that follow.
      fitted = 0;
    }
  }

  @Override
  int randomPairs() {
    int before = design.count();
    return before >= FEW || used == ShapleyEstimatorKind.LEVERAGE ? before / 8 + WAVE : WAVE;
  }

  /** Tells the corrections what was played since, as soon as the process has all its pairs. */
  private void correct(References references) {
    if (!auto
        || used != ShapleyEstimatorKind.GAUSSIAN
        || samples() <= FEW
        || scores.count() < FEW) {
      return;
    }
    if (corrections.isEmpty()) {
      corrections.addAll(
          Workers.map(
              threads,
              scores.targets(),
              t -> {
                ComplementPairs known = scores.pairs(references, t, MOST_PAIRS);
                GaussianProcess process = processes.get(t);
                if (!timed()) {
                  process.estimate(known);
                }
                return new ProcessCorrection(process, known);
              }));
    }
    for (int t = 0; t < corrections.size(); t++) {
      ProcessCorrection correction = corrections.get(t);
      int first = MOST_PAIRS + correction.pairs();
      correction.add(scores.pairs(references, t, first, scores.count() / 2));
    }
  }

  /** Whether there are enough pairs for the corrections to tell. */
  private boolean corrected() {
    return !corrections.isEmpty() && corrections.get(0).pairs() >= ProcessCorrection.FEWEST;
  }

  /** How many pairs to choose: with a deadline the more, the longer a choice takes. */
  private int wave(Outlook outlook) {
    if (!outlook.timed()) {
      return WAVE;
    }
    double pairs = lastChoice() / (SHARE * 2 * outlook.secondsPerImage());
    return (int) Math.max(WAVE, Math.min(LONGEST * WAVE, pairs));
  }

  /** Whether there is time for a process, and for more than its samples. */
  private void decide(Outlook outlook) {
    if (REPEATS * slowestChoice() > outlook.left()) {
      used = ShapleyEstimatorKind.LEVERAGE;
      reason = "auto: the time is too short for the mathematics of gaussian";
      return;
    }
    used = ShapleyEstimatorKind.GAUSSIAN;
    double fit = outlook.left() / outlook.secondsPerImage();
    reason =
        String.format(
            Locale.ROOT,
            "auto: at %.3g ms a forward %s %d fit",
            1e3 * outlook.secondsPerImage(),
            fit > FEW ? "more than" : "no more than",
            FEW);
  }

  /**
   * Chooses by the scores up to the checkpoint, however many more there are. While the fits are
   * kept, the next pairs come from what is left of the pool, which costs next to nothing.
   */
  @Override
  List<long[]> choose(References references, Outlook outlook, int known) {
    int pairs = (int) Math.min(wave(outlook), (Math.min(samples(), FEW) - design.count()) / 2);
    if (known + 1 < GaussianProcess.GROWTH * fitted) {
      return choice.more(pairs);
    }
    fitted = known + 1;
    double[] gains = references.gains();
    List<Integer> heard = references.heard(MOST_TARGETS);
    heard.forEach(t -> processes.get(t).fit(scores.pairs(references, t, known)));
    return choice.choose(
        heard.stream().map(processes::get).toList(),
        heard.stream().mapToDouble(t -> gains[t]).toArray(),
        underWay(known),
        pairs);
  }

  /** A look at a partial result changes nothing: what it changes, the next wave would have. */
  @Override
  public List<Estimate> estimate(References references) {
    correct(references);
    return Workers.map(
        threads, scores.targets(), t -> PairedEstimator.of(segments, values(references, t)));
  }

  @Override
  public Optional<SurrogateModel> surrogate(References references) {
    if (used != ShapleyEstimatorKind.GAUSSIAN) {
      return Optional.empty();
    }
    List<GamePosterior> games =
        Workers.map(
            threads,
            scores.targets(),
            t -> processes.get(t).copy().posterior(processed(references, t), timed()));
    return Optional.of(new SurrogateModel(segments, games, Math.min(scores.count(), FEW)));
  }

  /** What the process is told: no more pairs than it takes. */
  private ComplementPairs processed(References references, int target) {
    return scores.pairs(references, target, Math.min(scores.count() / 2, MOST_PAIRS));
  }

  private ShapleyValues values(References references, int target) {
    if (used == ShapleyEstimatorKind.LEVERAGE) {
      return PairedRegression.leverage().estimate(scores.pairs(references, target));
    }
    if (!corrections.isEmpty()) {
      return corrections.get(target).estimate();
    }
    ComplementPairs known = processed(references, target);
    GaussianProcess process = processes.get(target).copy();
    return timed() ? process.quickEstimate(known) : process.estimate(known);
  }
}
