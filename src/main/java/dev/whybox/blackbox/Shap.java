// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Budget;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.Agreement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SHAP: Lundberg and Lee, "A unified approach to interpreting model predictions" (NeurIPS 2017).
 * Shapley values of the segments: exact by enumeration for up to {@value #EXACT_PLAYERS} segments,
 * else estimated from fewer. The values always sum to the score of the full image less the score of
 * the baseline.
 *
 * @param segmentation the players
 * @param baseline what an absent pixel shows
 * @param agreement how a perturbed image is scored
 * @param approximation how values are estimated where not every coalition is evaluated
 */
public record Shap(
    Segmentation segmentation, Baseline baseline, Agreement agreement, Approximation approximation)
    implements BlackBox {

  /** Up to this many segments every coalition is evaluated, unless fewer samples are asked for. */
  public static final int EXACT_PLAYERS = 12;

  private static final Approximation DEFAULT_APPROXIMATION = Approximation.AUTO;

  private static final int FEW = 256;

  /** Errors that leave the order of the first segments open; see docs/shapley.md. */
  private static final double UNSURE = 0.25;

  private static final int MANY = 1000;

  /** So many at most where a deadline alone says how many. */
  private static final int MOST_BY_DEADLINE = 20_000;

  /**
   * Whybox's choice of the approximation.
   *
   * @param segmentation the players
   * @param baseline what an absent pixel shows
   * @param agreement how a perturbed image is scored
   */
  public Shap(Segmentation segmentation, Baseline baseline, Agreement agreement) {
    this(segmentation, baseline, agreement, DEFAULT_APPROXIMATION);
  }

  /**
   * About 100 superpixels, which follow the edges of things; Whybox's default baseline and score.
   */
  public Shap() {
    this(Segmentation.slic(100), Baseline.BLUR, Agreement.PROBABILITY);
  }

  @Override
  public String name() {
    return "shap";
  }

  /**
   * {@inheritDoc}
   *
   * <p>With {@link Approximation#AUTO} and {@link Approximation#GAUSSIAN} a run goes on, to at most
   * twice as many, while the relative error of a target is above {@value #UNSURE}.
   */
  @Override
  public int defaultSamples() {
    return fewSamples() ? FEW : MANY;
  }

  /** Whether the estimator needs few samples, and takes longer itself the more there are. */
  private boolean fewSamples() {
    return approximation == Approximation.AUTO
        || approximation == Approximation.GAUSSIAN
        || approximation == Approximation.REFINE;
  }

  /** The samples that a budget allows: where it names none, what another limit may need. */
  int samples(Budget budget) {
    if (budget.samples() > 0) {
      return budget.samples();
    }
    if (approximation == Approximation.AUTO && budget.deadline() != null) {
      return MOST_BY_DEADLINE;
    }
    if (approximation == Approximation.REFINE) {
      boolean limited = budget.deadline() != null || budget.error() > 0;
      return limited ? 2 * QuadtreeOwenEstimator.MOST_PAIRS : defaultSamples();
    }
    return fewSamples() ? 2 * AdaptiveGaussianEstimator.MOST_PAIRS : MANY;
  }

  /** The relative error at which a run may end; 0 for none. */
  double goal(Budget budget) {
    boolean free = budget.samples() == 0 && budget.deadline() == null && budget.error() == 0;
    boolean goesOn = approximation == Approximation.AUTO || approximation == Approximation.GAUSSIAN;
    return free && goesOn ? UNSURE : budget.error();
  }

  /** How many samples are drawn before the error is looked at. */
  int least(Budget budget) {
    return budget.error() > 0 ? ErrorGoal.FIRST : FEW;
  }

  /**
   * The same method with other segments.
   *
   * @param other the players
   * @return a changed copy
   */
  public Shap withSegmentation(Segmentation other) {
    return new Shap(other, baseline, agreement, approximation);
  }

  /**
   * The same method with another estimator.
   *
   * @param other how values are estimated
   * @return a changed copy
   */
  public Shap withApproximation(Approximation other) {
    return new Shap(segmentation, baseline, agreement, other);
  }

  @Override
  public Shap withBaseline(Baseline other) {
    return new Shap(segmentation, other, agreement, approximation);
  }

  @Override
  public Shap withAgreement(Agreement other) {
    return new Shap(segmentation, baseline, other, approximation);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("segments", segmentation.toString());
    map.put("baseline", baseline.label());
    map.put("agreement", agreement.label());
    map.put("estimator", approximation.label());
    return map;
  }
}
