// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.PermutationCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Estimation;
import dev.whybox.shapley.AntitheticPermutations;
import dev.whybox.shapley.BoostedTrees;
import dev.whybox.shapley.PairedRegression;
import dev.whybox.shapley.ResidualCorrection;
import dev.whybox.shapley.UnbiasedRegression;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * How Shapley values are estimated where not every coalition is evaluated: the table of estimators.
 * A new one is a class and a line here.
 */
public enum ShapleyEstimatorKind {
  /**
   * {@link #GAUSSIAN}, corrected by random pairs where there are more samples than it takes; or
   * {@link #LEVERAGE} where a deadline is too short for its mathematics.
   */
  AUTO(Shap.FEW, Default::untilDeadline, true, ShapleyGame::growing),
  /** KernelSHAP (Lundberg and Lee 2017) with pairs of complements (Covert and Lee 2021). */
  KERNEL(Shap.MANY, Default::many, false, ShapleyEstimatorKind::kernel),
  /** Leverage SHAP (Musco and Witter 2025). */
  LEVERAGE(
      Shap.MANY,
      Default::many,
      false,
      game ->
          game.paired(
              new LeverageCoalitions(game.players(), game.seed()), PairedRegression.leverage())),
  /** Antithetic permutations (Mitchell et al. 2022). */
  PERMUTATION(
      Shap.MANY,
      Default::many,
      false,
      game ->
          game.paired(
              new PermutationCoalitions(game.players(), game.seed()),
              new AntitheticPermutations())),
  /** A Gaussian process on coalitions that it chooses itself, wave by wave. */
  GAUSSIAN(Shap.FEW, Default::growing, true, ShapleyGame::growing),
  /** Boosted trees on coalitions with a correction of what they miss (Witter et al. 2025). */
  TREES(
      Shap.MANY,
      Default::many,
      false,
      game ->
          game.paired(
              new LeverageCoalitions(game.players(), game.seed()),
              new ResidualCorrection(new BoostedTrees(), new UnbiasedRegression()))),
  /** The coalitions of {@link #GAUSSIAN}; processes, trees and a linear game weighed by errors. */
  MIXTURE(Shap.MANY, Default::many, false, ShapleyGame::mixture),
  /**
   * {@link #GAUSSIAN} from coarse to fine: begins with 4 × 4 blocks of a grid and cuts those that
   * carry value into four, down to the grid's cells. The values are nested Owen values (Winter
   * 1989) of the blocks: parts sum to their whole.
   */
  REFINE(Shap.FEW, Default::refining, false, ShapleyGame::refining);

  private final int samples;
  private final ToIntFunction<Budget> most;
  private final boolean surrogate;
  private final Function<ShapleyGame, Plan> maker;

  /**
   * A row of the table.
   *
   * @param samples the default number of samples
   * @param most how many samples it may take where a budget names no number
   * @param surrogate whether it predicts the scores of all coalitions, and so can go on while its
   *     errors are large
   * @param maker makes masks and estimator
   */
  ShapleyEstimatorKind(
      int samples,
      ToIntFunction<Budget> most,
      boolean surrogate,
      Function<ShapleyGame, Plan> maker) {
    this.samples = samples;
    this.most = most;
    this.surrogate = surrogate;
    this.maker = maker;
  }

  private static Plan kernel(ShapleyGame game) {
    ShapleyCoalitions design = new ShapleyCoalitions(game.players(), game.seed());
    return game.plan(
        design,
        ShapEstimator.sampled(game.segments(), design, game.setting().targets(), game.samples()));
  }

  /** How many samples an estimator may take where the budget names no number. */
  private static final class Default {
    /** So many at most where a deadline alone says how many. */
    private static final int MOST_BY_DEADLINE = 20_000;

    static int many(Budget budget) {
      return Shap.MANY;
    }

    static int growing(Budget budget) {
      return 2 * AdaptiveGaussianEstimator.MOST_PAIRS;
    }

    static int untilDeadline(Budget budget) {
      return budget.deadline() == null ? growing(budget) : MOST_BY_DEADLINE;
    }

    static int refining(Budget budget) {
      boolean limited = budget.deadline() != null || budget.error() > 0;
      return limited ? 2 * QuadtreeOwenEstimator.MOST_PAIRS : Shap.FEW;
    }
  }

  /** How many samples are drawn where nobody names a number. */
  int samples() {
    return samples;
  }

  /** How many samples it may take by a budget. */
  int most(Budget budget) {
    return budget.samples() > 0 ? budget.samples() : most.applyAsInt(budget);
  }

  /** Whether it predicts the scores of all coalitions. */
  boolean surrogate() {
    return surrogate;
  }

  /** Masks and estimator of a game. */
  Plan plan(ShapleyGame game) {
    return maker.apply(game);
  }

  /** An estimator that takes all of the samples that were asked for. */
  Estimation estimation(String reason, long asked) {
    return new Estimation(label(), reason, asked, asked);
  }

  /** The same, where the method names the estimator. */
  Estimation asked(long number) {
    return estimation("asked for", number);
  }

  /**
   * The name on the command line and in JSON.
   *
   * @return in lower case
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a label.
   *
   * @param text in any case
   * @return the estimator
   * @throws BadArgument where there is none of that name
   */
  public static ShapleyEstimatorKind parse(String text) {
    for (ShapleyEstimatorKind kind : values()) {
      if (kind.label().equalsIgnoreCase(text)) {
        return kind;
      }
    }
    throw new BadArgument(
        "An estimator is "
            + Arrays.stream(values())
                .map(ShapleyEstimatorKind::label)
                .collect(Collectors.joining(", "))
            + "; found '"
            + text
            + "'.");
  }
}
