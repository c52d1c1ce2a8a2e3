// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import java.util.List;
import java.util.Optional;

/**
 * Ends a run when the values are known well enough: when √(Σ SE² / Σ φ²) of every target is at most
 * a goal. It looks at certain numbers of samples alone, so the run's end does not depend on how it
 * was cut into waves.
 */
final class StoppingRule implements Estimator {
  /** A look before so many samples would find errors that are themselves too uncertain. */
  static final int FIRST = 32;

  private final Estimator estimator;
  private final double goal;
  private long next;
  private long scored;

  /**
   * A goal.
   *
   * @param first so many samples are drawn before the first look, at least {@value #FIRST}
   */
  StoppingRule(Estimator estimator, double goal, int first) {
    this.estimator = estimator;
    this.goal = goal;
    this.next = first;
  }

  @Override
  public long samples() {
    return estimator.samples();
  }

  @Override
  public long ready() {
    return Math.min(estimator.ready(), Math.max(next, 1));
  }

  @Override
  public long checkpoint() {
    return Math.min(estimator.checkpoint(), Math.max(next, 1));
  }

  @Override
  public Optional<Estimation> estimation() {
    return estimator.estimation();
  }

  @Override
  public void accept(long first, int count, float[] scores) {
    estimator.accept(first, count, scores);
    scored = first + count;
  }

  @Override
  public boolean advance(References references, Outlook outlook) {
    if (scored == next) {
      if (estimate(references).stream().allMatch(this::reached)) {
        return false;
      }
      // A quarter more, in whole waves of a design that grows.
      next += Math.max(16, next / 4 / 16 * 16);
    }
    return scored < estimator.checkpoint()
        || estimator.ready() == estimator.samples()
        || estimator.advance(references, outlook);
  }

  private boolean reached(Estimate estimate) {
    return ((SegmentValues) estimate.attribution()).relativeError() <= goal;
  }

  @Override
  public List<Estimate> estimate(References references) {
    return estimator.estimate(references);
  }

  @Override
  public Optional<SurrogateModel> surrogate(References references) {
    return estimator.surrogate(references);
  }
}
