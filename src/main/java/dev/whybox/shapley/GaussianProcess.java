// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.shapley;

import java.util.Arrays;

/**
 * Shapley values of a Gaussian process that is fitted to the scores. Every player has an inverse
 * length of its own, log ℓ_k = g + Σ_h b_h·t_hk + δ_k with δ_k ~ N(0, τ²): players that do not
 * matter drop out. t_h is what is known beforehand of where the players matter; there may be none.
 * The fit is the most probable one; τ is the value out of a few with the least leave-one-out error,
 * so one common length is found where all players matter.
 *
 * <p>Standard errors are the posterior's, widened where leave-one-out errors are larger than the
 * process expects, and by a factor found on games whose values are known. Keeps its last fit and
 * starts the next one from it. For one thread at a time.
 */
public final class GaussianProcess implements ShapleyEstimator {
  private static final double[] SPREADS = {0.3, 1};
  private static final int FIRST_STEPS = 40;
  private static final int LATER_STEPS = 12;

  /** From so many pairs on τ stays what it was, which halves the time of a fit. */
  private static final int SETTLED = 64;

  /** A fit is kept until there are so many times as many pairs, pair 0 included. */
  public static final double GROWTH = 1.25;

  /**
   * What standard errors lack because the lengths themselves are uncertain; see docs/shapley.md.
   */
  static final double CALIBRATION = 1.2;

  /** The same with hints, by which coalitions are chosen: the more, the fewer players there are. */
  private static final double HINTED = 1.1;

  private static final double HINTED_BY_PLAYERS = 5;

  /** Priors of g, b and log noise: mean and standard deviation. */
  private static final double TOTAL_LENGTH = 3;

  private static final double COMMON_SPREAD = 1.5;
  private static final double SLOPE_SPREAD = 1;
  private static final double NOISE = Math.log(1e-3);
  private static final double NOISE_SPREAD = 2;

  private final Prior prior;
  private final double[][] starts = new double[SPREADS.length][];
  private int chosen;
  private int fitted;
  private AntisymmetricProcess process;

  /** What the process was last made from. */
  private ComplementPairs seen;

  /**
   * A process with guesses of where the players matter.
   *
   * @param hints of each guess one number per player, the more the likelier it matters,
   *     standardised (mean 0, deviation 1). How far each is trusted is fitted
   */
  public GaussianProcess(double[]... hints) {
    this(new Prior(null, null, Arrays.stream(hints).map(double[]::clone).toArray(double[][]::new)));
  }

  /**
   * A process on players of different sizes, whose values are the nested Owen values of a tree.
   *
   * @param hierarchy the tree
   * @param sizes of the players, above 0: what is twice as large is expected to matter like two
   * @param hints as above
   */
  public GaussianProcess(Hierarchy hierarchy, double[] sizes, double[]... hints) {
    this(
        new Prior(
            hierarchy,
            sizes.clone(),
            Arrays.stream(hints).map(double[]::clone).toArray(double[][]::new)));
  }

  private GaussianProcess(Prior prior) {
    this.prior = prior;
  }

  /**
   * A process on a finer tree, whose players are those of this one or parts of them. Lengths start
   * from the last fit: all parts of a player are as far from what was expected as it was.
   *
   * @param parents of each new player the number of the one that it was a part of
   * @param hierarchy the finer tree
   * @param sizes of the new players
   * @param hints of the new players, as many as before
   * @return a process that is to be fitted before a design is chosen with it
   */
  public GaussianProcess refined(
      int[] parents, Hierarchy hierarchy, double[] sizes, double[]... hints) {
    GaussianProcess finer = new GaussianProcess(hierarchy, sizes, hints);
    finer.chosen = chosen;
    finer.fitted = fitted;
    int head = 2 + hints.length;
    for (int s = 0; s < starts.length; s++) {
      if (starts[s] != null) {
        double[] start = Arrays.copyOf(starts[s], head + parents.length);
        start[0] += Math.log((double) (starts[s].length - head) / parents.length);
        for (int k = 0; k < parents.length; k++) {
          start[head + k] = starts[s][head + parents[k]];
        }
        finer.starts[s] = start;
      }
    }
    return finer;
  }

  /**
   * The same process, to be fitted further without changing this one.
   *
   * @return a copy
   */
  public GaussianProcess copy() {
    GaussianProcess copy = new GaussianProcess(prior);
    System.arraycopy(starts, 0, copy.starts, 0, starts.length);
    copy.chosen = chosen;
    copy.fitted = fitted;
    copy.process = process;
    copy.seen = seen;
    return copy;
  }

  /**
   * Fits the process, so that a design can be chosen with it. The lengths are fitted again only
   * where there are many new pairs.
   *
   * @param scores what is known of the game
   */
  public void fit(ComplementPairs scores) {
    process = flat(scores) ? null : scores.pairs() < GROWTH * fitted ? kept(scores) : best(scores);
  }

  @Override
  public ShapleyValues estimate(ComplementPairs scores) {
    return estimate(scores, fitted == scores.pairs());
  }

  /**
   * The same with the lengths of the last fit, where there was one, however many pairs came since:
   * for when time is short.
   *
   * @param scores what is known of the game
   * @return one value per player; they sum to s(full) − s(empty)
   */
  public ShapleyValues quickEstimate(ComplementPairs scores) {
    return estimate(scores, fitted > 0);
  }

  /**
   * How far the parts of a player lie from an equal share of its value: what is not known of a
   * block that was not cut. After a fit or an estimate, of a process on a tree.
   *
   * @param owners of each part its player
   * @param finest the tree of the parts, in which each player is a group or a part itself
   * @return of each player the standard deviation of one of its parts' values about the player's
   *     value over the number of its parts; 0 for a part itself
   */
  public double[] spreads(int[] owners, Hierarchy finest) {
    if (process == null) {
      return new double[Arrays.stream(owners).max().orElseThrow() + 1];
    }
    return Arrays.stream(process.spreads(owners, finest)).map(Math::sqrt).toArray();
  }

  /**
   * What is known of the whole game, the lengths being those of the odd part.
   *
   * @param scores what is known of the game; scores of both coalitions of each pair
   * @param quick whether to keep the lengths of the last fit, where there was one
   * @return a posterior
   */
  public GamePosterior posterior(ComplementPairs scores, boolean quick) {
    if (flat(scores)) {
      Posterior before = new Posterior(scores, prior, SPREADS[0]);
      double[] start = before.start();
      return new GamePosterior(
          prior.kernel(before.lengths(start)),
          Posterior.noise(start),
          null,
          scores,
          calibration(scores.players()));
    }
    boolean keep = quick ? fitted > 0 : fitted == scores.pairs();
    process = keep ? kept(scores) : best(scores);
    return new GamePosterior(
        process.kernel(), process.noise(), process, scores, calibration(scores.players()));
  }

  private ShapleyValues estimate(ComplementPairs scores, boolean keep) {
    int players = scores.players();
    if (flat(scores)) {
      process = null;
      double[] values = new double[players];
      scores.balance(values);
      return new ShapleyValues(values, new double[players], new double[players][players], 0);
    }
    process = keep ? kept(scores) : best(scores);
    double[] values = process.values();
    double[][] covariance = process.covariance();
    double widening = widening(process.leaveOneOut(), calibration(scores.players()));
    double[] errors = new double[players];
    for (int k = 0; k < players; k++) {
      covariance[k][k] = Math.max(0, covariance[k][k]);
      for (int l = 0; l < players; l++) {
        covariance[k][l] *= widening;
      }
      errors[k] = Math.sqrt(covariance[k][k]);
    }
    scores.balance(values);
    return new ShapleyValues(values, errors, covariance, looError(process, scores));
  }

  /** By how much the posterior's errors are too small. */
  private double calibration(int players) {
    boolean hinted = prior.hierarchy() == null && prior.hints().length > 0;
    return Math.max(CALIBRATION, hinted ? HINTED * (1 + HINTED_BY_PLAYERS / players) : 0);
  }

  /** Nothing to fit: one player, or all scores equal but for rounding. */
  private static boolean flat(ComplementPairs scores) {
    return scores.players() == 1 || Arrays.stream(scores.odd()).allMatch(y -> Math.abs(y) < 1e-12);
  }

  /** The process of the last fit; null before, or where there was nothing to fit. */
  AntisymmetricProcess process() {
    return process;
  }

  private AntisymmetricProcess kept(ComplementPairs scores) {
    if (seen == scores && process != null) {
      return process;
    }
    seen = scores;
    return new Posterior(scores, prior, SPREADS[chosen]).stable(starts[chosen]);
  }

  private AntisymmetricProcess best(ComplementPairs scores) {
    AntisymmetricProcess best = null;
    double least = Double.POSITIVE_INFINITY;
    boolean settled = fitted >= SETTLED;
    for (int i = settled ? chosen : 0; i < (settled ? chosen + 1 : SPREADS.length); i++) {
      Posterior posterior = new Posterior(scores, prior, SPREADS[i]);
      boolean first = starts[i] == null;
      double[] start = first ? posterior.start() : starts[i];
      starts[i] = LimitedMemory.minimise(posterior, start, first ? FIRST_STEPS : LATER_STEPS);
      AntisymmetricProcess found = posterior.stable(starts[i]);
      // With few pairs the errors left out say little; then the first, simpler one is taken.
      double loss = looError(found, scores);
      if (best == null || loss < least) {
        best = found;
        chosen = i;
        least = loss;
      }
    }
    fitted = scores.pairs();
    seen = scores;
    return best;
  }

  private static double looError(AntisymmetricProcess process, ComplementPairs scores) {
    double error = 0;
    double all = 0;
    double[][] left = process.leaveOneOut();
    for (int i = 0; i < left.length; i++) {
      error += left[i][0] * left[i][0];
      all += scores.odd()[i + 1] * scores.odd()[i + 1];
    }
    return all == 0 ? Double.NaN : error / all;
  }

  /**
   * By how much variances are to be multiplied: how many times as large as expected the squares of
   * leave-one-out errors are, at least 1, and the square of the calibration.
   */
  static double widening(double[][] left, double calibration) {
    double sum = 0;
    for (double[] error : left) {
      sum += Math.pow(error[0] / error[1], 2);
    }
    return Math.pow(calibration, 2) * (left.length == 0 ? 1 : Math.max(1, sum / left.length));
  }

  /**
   * What is known before the scores.
   *
   * @param hierarchy null where all players are side by side
   * @param sizes of the players; null where all are equal
   * @param hints of each guess one number per player
   */
  record Prior(Hierarchy hierarchy, double[] sizes, double[][] hints) {
    /** What is added to each player's log ℓ: log of its size, in parts of the mean. */
    private double[] offsets(int players) {
      double[] offsets = new double[players];
      if (sizes != null) {
        double mean = Arrays.stream(sizes).average().orElseThrow();
        Arrays.setAll(offsets, k -> Math.log(sizes[k] / mean));
      }
      return offsets;
    }

    private ProductKernel kernel(double[] lengths) {
      return hierarchy == null ? new ProductKernel(lengths) : new NestedKernel(lengths, hierarchy);
    }
  }

  /** −log of the posterior of (g, log noise, b for every hint, δ). */
  static final class Posterior implements LimitedMemory.Loss {
    private final ComplementPairs scores;
    private final Prior prior;
    private final double[][] hints;
    private final double[] offsets;
    private final double spread;
    private final int head;
    private final double common;

    Posterior(ComplementPairs scores, Prior prior, double spread) {
      this.scores = scores;
      this.prior = prior;
      this.hints = prior.hints();
      this.offsets = prior.offsets(scores.players());
      this.spread = spread;
      this.head = 2 + hints.length;
      this.common = Math.log(TOTAL_LENGTH / scores.players());
    }

    /** Several hints say much the same, so they share the slope. */
    private double slope() {
      return 1.0 / hints.length;
    }

    double[] start() {
      double[] start = new double[head + scores.players()];
      start[0] = common;
      start[1] = NOISE;
      Arrays.fill(start, 2, head, slope());
      return start;
    }

    private double[] lengths(double[] at) {
      double[] lengths = new double[scores.players()];
      for (int k = 0; k < lengths.length; k++) {
        double log = at[0] + at[head + k] + offsets[k];
        for (int h = 0; h < hints.length; h++) {
          log += at[2 + h] * hints[h][k];
        }
        lengths[k] = Math.exp(Math.max(-15, Math.min(3, log)));
      }
      return lengths;
    }

    private static double noise(double[] at) {
      return Math.exp(Math.max(-20, Math.min(2, at[1])));
    }

    AntisymmetricProcess stable(double[] at) {
      return AntisymmetricProcess.stable(
          prior.kernel(lengths(at)), noise(at), scores.signs(), scores.odd());
    }

    @Override
    public double value(double[] at, double[] gradient) {
      double[] lengths = lengths(at);
      AntisymmetricProcess fitted;
      try {
        fitted =
            new AntisymmetricProcess(
                new ProductKernel(lengths), noise(at), scores.signs(), scores.odd());
      } catch (ArithmeticException e) {
        return Double.POSITIVE_INFINITY;
      }
      double[] inner = fitted.lossGradient();
      Arrays.fill(gradient, 0);
      double loss = fitted.loss();
      loss += prior(at, gradient, 0, common, COMMON_SPREAD);
      loss += prior(at, gradient, 1, NOISE, NOISE_SPREAD);
      for (int h = 0; h < hints.length; h++) {
        loss += prior(at, gradient, 2 + h, slope(), SLOPE_SPREAD);
      }
      gradient[1] += inner[lengths.length] * Math.exp(at[1]);
      for (int k = 0; k < lengths.length; k++) {
        double slope = inner[k] * lengths[k];
        loss += prior(at, gradient, head + k, 0, spread);
        gradient[head + k] += slope;
        gradient[0] += slope;
        for (int h = 0; h < hints.length; h++) {
          gradient[2 + h] += slope * hints[h][k];
        }
      }
      return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
    }

    private static double prior(
        double[] at, double[] gradient, int i, double mean, double deviation) {
      double standard = (at[i] - mean) / deviation;
      gradient[i] += standard / deviation;
      return standard * standard / 2;
    }
  }
}
