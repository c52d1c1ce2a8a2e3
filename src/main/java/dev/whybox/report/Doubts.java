// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.BoxPrior;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.whitebox.EigenCam;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.IntegratedGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader must know before trusting a map. */
public final class Doubts {
  /** From so many samples a segment on the fits of SHAP and LIME are sound. */
  private static final int SAMPLES_A_SEGMENT = 4;

  /** From this relative error on the order of most segments is chance. */
  private static final double UNCERTAIN = 0.5;

  /** A score below this is rounding, not evidence. */
  private static final double NOTHING = 1e-4;

  /** Integrated gradients aim at a hundredth; the scores' own rounding is left out of this. */
  private static final double TOLERATED = 1.05 * IntegratedGradients.GAP;

  private Doubts() {}

  /**
   * The doubts about an explanation.
   *
   * @param explanation the explanation
   * @return a clause each, without a full stop; empty where the standard errors say all there is
   */
  public static List<String> of(Explanation explanation) {
    List<String> doubts = new ArrayList<>();
    if (explanation.instead() != null) {
      doubts.add(
          "%s answers in place of %s, for which the deadline left no time"
              .formatted(explanation.method().name(), explanation.instead().asked().name()));
    }
    if (explanation.method() instanceof BoxPrior) {
      doubts.add("this shows where the box is; the model was not asked");
    }
    if (explanation.fullScore() < NOTHING) {
      doubts.add("the model sees nothing of this here");
    }
    if (explanation.attribution() instanceof SegmentValues found) {
      int count = found.segments().count();
      if (Arrays.stream(found.standardErrors()).allMatch(Double::isNaN)) {
        doubts.add(
            "too few samples for %d segments: not reliable; take at least %d (%d × segments)"
                .formatted(count, SAMPLES_A_SEGMENT * count, SAMPLES_A_SEGMENT));
      } else if (found.relativeError() > UNCERTAIN) {
        doubts.add("large standard errors beside the values: not reliable; take more samples");
      }
    }
    Estimation estimation = explanation.estimation();
    if (estimation != null && estimation.capped() && explanation.stop() == Stop.SAMPLES) {
      doubts.add(
          "%s takes at most %d samples, though %d were asked for; more are for leverage, which needs many"
              .formatted(estimation.estimator(), estimation.most(), estimation.asked()));
    }
    if (explanation.method() instanceof GuidedBackprop) {
      doubts.add("guided backpropagation shows edges more than reasons (Adebayo et al. 2018)");
    }
    if (explanation.method() instanceof EigenCam) {
      doubts.add("Eigen-CAM shows what stands out in the layer, whatever the target");
    }
    double scale = explanation.gradientScale();
    if (!Double.isNaN(scale) && scale != 1) {
      doubts.add(
          "%s cannot hold these gradients: they were computed at 2^%d of their size"
              .formatted(explanation.engine().precision(), Math.getExponent(scale)));
    }
    if (!enoughSteps(explanation)) {
      doubts.add("too few steps: the values do not sum to the logit's fall; take more samples");
    }
    return doubts;
  }

  /** Whether integrated gradients sum to what they should. */
  private static boolean enoughSteps(Explanation explanation) {
    double fall = logit(explanation.fullScore()) - logit(explanation.baselineScore());
    return !(explanation.completenessGap() > TOLERATED * Math.abs(fall));
  }

  private static double logit(double score) {
    return Math.log(score / (1 - score));
  }
}
