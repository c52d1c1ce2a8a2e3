// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.explain.Approach;
import dev.whybox.explain.Budget;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import dev.whybox.explain.MethodSettings;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.TargetSimilarity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SHAP: Lundberg and Lee, "A unified approach to interpreting model predictions" (NeurIPS 2017).
 * Shapley values of the segments: exact by enumeration for up to {@value #EXACT_PLAYERS} segments,
 * else estimated from fewer. The values always sum to the score of the full image less the score of
 * the baseline.
 *
 * @param segmentation the players
 * @param baseline how an absent pixel looks
 * @param similarity how a perturbed image is scored
 * @param estimator how values are estimated where not every coalition is evaluated
 */
public record Shap(
    Segmentation segmentation,
    Baseline baseline,
    TargetSimilarity similarity,
    ShapleyEstimatorKind estimator)
    implements BlackBox {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "shap",
          Approach.BLACK_BOX,
          "how much each segment adds to the score; signed; the values sum to the score less the"
              + " baseline's score",
          "Shapley values of segments; sum to the score's fall",
          "Lundberg & Lee 2017; by a Gaussian process that chooses its coalitions, or `--estimator"
              + " kernel` and others; exact up to 12 segments",
          "258, to 514 where the errors are large; besides one pass per target (`saliency`)",
          true,
          MapUnit.SCORE,
          Set.of(
              MethodOption.SAMPLES,
              MethodOption.DEADLINE,
              MethodOption.ERROR,
              MethodOption.ESTIMATOR,
              MethodOption.SEGMENTS,
              MethodOption.BASELINE,
              MethodOption.SIMILARITY),
          List.of(),
          Shap::of);

  /** Up to this many segments every coalition is evaluated, unless fewer samples are asked for. */
  public static final int EXACT_PLAYERS = 12;

  private static final ShapleyEstimatorKind DEFAULT_ESTIMATOR = ShapleyEstimatorKind.AUTO;

  static final int FEW = 256;

  /** Errors that leave the order of the first segments open; see docs/shapley.md. */
  private static final double UNSURE = 0.25;

  static final int MANY = 1000;

  /**
   * Whybox's choice of the estimator.
   *
   * @param segmentation the players
   * @param baseline how an absent pixel looks
   * @param similarity how a perturbed image is scored
   */
  public Shap(Segmentation segmentation, Baseline baseline, TargetSimilarity similarity) {
    this(segmentation, baseline, similarity, DEFAULT_ESTIMATOR);
  }

  /**
   * About 100 superpixels, which follow the edges of things; Whybox's default baseline and score.
   */
  public Shap() {
    this(Segmentation.slic(100), Baseline.BLUR, TargetSimilarity.PROBABILITY);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  /**
   * {@inheritDoc}
   *
   * <p>With {@link ShapleyEstimatorKind#AUTO} and {@link ShapleyEstimatorKind#GAUSSIAN} a run goes
   * on, to at most twice as many, while the relative error of a target is above {@value #UNSURE}.
   */
  @Override
  public int defaultSamples() {
    return estimator.samples();
  }

  private static Shap of(MethodSettings settings) {
    Shap shap = new Shap();
    return new Shap(
        settings.segmentation().orElse(shap.segmentation),
        settings.baseline().orElse(shap.baseline),
        settings.similarity().orElse(shap.similarity),
        settings.estimator().map(ShapleyEstimatorKind::parse).orElse(shap.estimator));
  }

  @Override
  public Optional<Segmentation> surrogateSegmentation() {
    return estimator.surrogate() ? Optional.of(segmentation) : Optional.empty();
  }

  @Override
  public Plan plan(Setting setting) {
    Budget budget = setting.budget();
    Segments segments = segments(segmentation, setting);
    int players = segments.count();
    ShapleyGame game = new ShapleyGame(segments, setting, estimator, estimator.most(budget));
    if (players <= EXACT_PLAYERS
        && (budget.samples() == 0 || budget.samples() >= (1L << players) - 2)) {
      return game.exact();
    }
    Plan plan = estimator.plan(game);
    double goal = goal(budget);
    return goal > 0
        ? new Plan(plan.masks(), new StoppingRule(plan.estimator(), goal, least(budget)))
        : plan;
  }

  static Segments segments(Segmentation segmentation, Setting setting) {
    Segments segments = setting.segmenting().apply(segmentation);
    if (segments.count() > Segments.MAX_COUNT) {
      throw new BadArgument(
          "LIME and SHAP take up to "
              + Segments.MAX_COUNT
              + " segments; "
              + segmentation
              + " gives "
              + segments.count()
              + ". Take a coarser segmentation, or d-rise.");
    }
    return segments;
  }

  /** The relative error at which a run may end; 0 for none. */
  private double goal(Budget budget) {
    boolean free = budget.samples() == 0 && budget.deadline() == null && budget.error() == 0;
    return free && estimator.surrogate() ? UNSURE : budget.error();
  }

  /** How many samples are drawn before the error is looked at. */
  private int least(Budget budget) {
    return budget.error() > 0 ? StoppingRule.FIRST : FEW;
  }

  /**
   * The same method with other segments.
   *
   * @param other the players
   * @return a changed copy
   */
  public Shap withSegmentation(Segmentation other) {
    return new Shap(other, baseline, similarity, estimator);
  }

  /**
   * The same method with another estimator.
   *
   * @param other how values are estimated
   * @return a changed copy
   */
  public Shap withEstimator(ShapleyEstimatorKind other) {
    return new Shap(segmentation, baseline, similarity, other);
  }

  /**
   * The same method with another baseline.
   *
   * @param other how an absent pixel looks
   * @return a changed copy
   */
  public Shap withBaseline(Baseline other) {
    return new Shap(segmentation, other, similarity, estimator);
  }

  /**
   * The same method with another score.
   *
   * @param other how a perturbed image is scored
   * @return a changed copy
   */
  public Shap withSimilarity(TargetSimilarity other) {
    return new Shap(segmentation, baseline, other, estimator);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("segments", segmentation.toString());
    map.put("baseline", baseline.label());
    map.put("agreement", similarity.label());
    map.put("estimator", estimator.label());
    return map;
  }
}
