// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Attribution;
import dev.whybox.explain.PassResult;

/** What a white-box method makes of the passes for one target. For one thread at a time. */
public interface GradientEstimator {

  /**
   * Takes the next sample, in order.
   *
   * @param row the result of the pass for the target
   */
  void accept(PassResult row);

  /**
   * Whether more samples would not matter.
   *
   * @return true where the run may end for this target
   */
  default boolean satisfied() {
    return false;
  }

  /**
   * How many of the samples the values so far rest on.
   *
   * @param done the samples that were taken
   * @return at most as many; fewer where the last ones are of use only together with later ones
   */
  default long used(long done) {
    return done;
  }

  /**
   * The best values so far.
   *
   * @return the estimate of the target
   */
  Estimate estimate();

  /**
   * Values of one target.
   *
   * @param attribution the values
   * @param full the logit of the image, or NaN where no sample showed it
   * @param empty the logit of the baseline, or NaN
   * @param gap the completeness gap, or NaN
   */
  record Estimate(Attribution attribution, double full, double empty, double gap) {}
}
