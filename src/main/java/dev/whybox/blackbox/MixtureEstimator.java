// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.design.ChosenCoalitions;
import dev.whybox.explain.Estimation;
import dev.whybox.perturb.Segments;
import dev.whybox.shapley.Mixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shapley values of a mixture of surrogates, from the coalitions that {@link
 * AdaptiveGaussianEstimator} chooses with its process alone.
 */
final class MixtureEstimator implements Estimator {
  private final Segments segments;
  private final AdaptiveGaussianEstimator chooser;
  private final CoalitionScores scores;
  private final List<Mixture> mixtures = new ArrayList<>();
  private final int threads;

  /**
   * An estimator.
   *
   * @param hints of each target, guesses of which segments matter, standardised
   * @param threads for the mathematics, at least 1
   */
  MixtureEstimator(
      Segments segments,
      ChosenCoalitions design,
      long seed,
      double[][][] hints,
      int samples,
      int threads) {
    this.segments = segments;
    this.threads = threads;
    this.chooser =
        new AdaptiveGaussianEstimator(
            segments, design, seed, hints, false, false, false, samples, threads);
    this.scores = new CoalitionScores(design, hints.length);
    for (double[][] hint : hints) {
      mixtures.add(Mixture.of(hint));
    }
  }

  @Override
  public long samples() {
    return chooser.samples();
  }

  @Override
  public long ready() {
    return chooser.ready();
  }

  @Override
  public long checkpoint() {
    return chooser.checkpoint();
  }

  @Override
  public Optional<Estimation> estimation() {
    return chooser
        .estimation()
        .map(
            chosen ->
                new Estimation(
                    ShapleyEstimatorKind.MIXTURE.label(),
                    chosen.reason(),
                    chosen.asked(),
                    chosen.most()));
  }

  @Override
  public boolean advance(References references, Outlook outlook) {
    return chooser.advance(references, outlook);
  }

  @Override
  public void accept(long first, int count, float[] more) {
    chooser.accept(first, count, more);
    scores.add(first, count, more);
  }

  @Override
  public List<Estimate> estimate(References references) {
    return Workers.map(
        threads,
        scores.targets(),
        t -> PairedEstimator.of(segments, mixtures.get(t).estimate(scores.pairs(references, t))));
  }
}
