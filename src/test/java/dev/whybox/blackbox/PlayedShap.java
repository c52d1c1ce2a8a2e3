// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.Estimator.Outlook;
import dev.whybox.blackbox.Estimator.References;
import dev.whybox.design.ChosenCoalitions;
import dev.whybox.perturb.Segments;

/** SHAP's default estimator after it has played a game of one target whose scores are all known. */
final class PlayedShap {
  private final AdaptiveGaussianEstimator estimator;
  private final References references;

  /**
   * Plays.
   *
   * @param hints standardised
   * @param scores by the bits of the players
   */
  PlayedShap(Segments segments, double[][] hints, double[] scores, int samples, long seed) {
    ChosenCoalitions design = new ChosenCoalitions(segments.count());
    double[][][] targets = {hints};
    this.estimator =
        new AdaptiveGaussianEstimator(
            segments, design, seed, targets, false, false, true, samples, 1);
    this.references =
        new References(
            new float[] {(float) scores[scores.length - 1]}, new float[] {(float) scores[0]});
    long[] bits = new long[design.words()];
    long done = 0;
    while (done < estimator.samples()) {
      float[] more = new float[(int) (estimator.ready() - done)];
      for (int i = 0; i < more.length; i++) {
        design.get(done + i, bits);
        more[i] = (float) scores[(int) bits[0]];
      }
      estimator.accept(done, more.length, more);
      done += more.length;
      while (done >= estimator.checkpoint() && estimator.ready() < estimator.samples()) {
        estimator.advance(references, new Outlook(0.01, Double.POSITIVE_INFINITY));
      }
    }
  }

  AdaptiveGaussianEstimator estimator() {
    return estimator;
  }

  References references() {
    return references;
  }
}
