// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.Coalitions;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.ShapleyEstimator;
import dev.whybox.shapley.ShapleyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shapley values from a fixed design of pairs of complements. */
final class PairedEstimator implements Estimator {
  private final Segments segments;
  private final CoalitionScores scores;
  private final ShapleyEstimator estimator;
  private final long samples;
  private final Estimation estimation;

  /** An estimator that keeps nothing between estimates; of an odd number of samples one is left. */
  PairedEstimator(
      Segments segments,
      Coalitions design,
      ShapleyEstimator estimator,
      int targets,
      Estimation estimation) {
    this.segments = segments;
    this.scores = new CoalitionScores(design, targets);
    this.estimator = estimator;
    this.samples = estimation.asked() & ~1;
    this.estimation = estimation;
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public Optional<Estimation> estimation() {
    return Optional.of(estimation);
  }

  @Override
  public void accept(long first, int count, float[] more) {
    scores.add(first, count, more);
  }

  @Override
  public List<Estimate> estimate(References references) {
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 0; t < scores.targets(); t++) {
      estimates.add(of(segments, estimator.estimate(scores.pairs(references, t))));
    }
    return estimates;
  }

  static Estimate of(Segments segments, ShapleyValues found) {
    SegmentValues values =
        new SegmentValues(segments, found.values(), found.standardErrors(), found.covariance());
    return new Estimate(values);
  }
}
