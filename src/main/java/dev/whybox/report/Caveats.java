// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Warnings that a reader needs before trusting a map. */
public final class Caveats {
  /** From so many samples a segment on the fits of SHAP and LIME are sound. */
  private static final int SAMPLES_A_SEGMENT = 4;

  /** From this relative error on the order of most segments is chance. */
  private static final double UNCERTAIN = 0.5;

  /** A score below this is rounding, not evidence. */
  private static final double NOTHING = 1e-4;

  private Caveats() {}

  /**
   * The caveats of an explanation: those of every method, and those of its own.
   *
   * @param explanation the explanation
   * @return a clause each, without a full stop; empty where the standard errors say all there is
   */
  public static List<String> of(Explanation explanation) {
    List<String> caveats = new ArrayList<>();
    if (explanation.instead() != null) {
      caveats.add(
          "%s answers in place of %s, for which the deadline left no time"
              .formatted(explanation.method().name(), explanation.instead().asked().name()));
    }
    if (explanation.fullScore() < NOTHING) {
      caveats.add("the model sees nothing of this here");
    }
    if (explanation.attribution() instanceof SegmentValues found) {
      int count = found.segments().count();
      if (Arrays.stream(found.standardErrors()).allMatch(Double::isNaN)) {
        caveats.add(
            "too few samples for %d segments: not reliable; take at least %d (%d × segments)"
                .formatted(count, SAMPLES_A_SEGMENT * count, SAMPLES_A_SEGMENT));
      } else if (found.relativeError() > UNCERTAIN) {
        caveats.add("large standard errors beside the values: not reliable; take more samples");
      }
    }
    Estimation estimation = explanation.estimation().orElse(null);
    if (estimation != null && estimation.capped() && explanation.stop() == Stop.SAMPLES) {
      caveats.add(
          "%s takes at most %d samples, though %d were asked for; more are for leverage, which needs many"
              .formatted(estimation.estimator(), estimation.most(), estimation.asked()));
    }
    caveats.addAll(explanation.method().kind().caveatsOf(explanation));
    double scale = explanation.gradientScale().orElse(1);
    if (scale != 1) {
      caveats.add(
          "%s cannot hold these gradients: they were computed at 2^%d of their size"
              .formatted(explanation.engine().precision(), Math.getExponent(scale)));
    }
    return caveats;
  }
}
