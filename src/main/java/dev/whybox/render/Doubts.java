// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.Explanation;
import dev.whybox.explain.Attribution.SegmentValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader must know before trusting a map. */
public final class Doubts {
  /** From so many samples a segment on the fits of SHAP and LIME are sound. */
  private static final int SAMPLES_A_SEGMENT = 4;

  /** A score below this is rounding, not evidence. */
  private static final double NOTHING = 1e-4;

  private Doubts() {}

  /**
   * The doubts about an explanation.
   *
   * @param explanation the explanation
   * @return a clause each, without a full stop; empty where the standard errors say all there is
   */
  public static List<String> of(Explanation explanation) {
    List<String> doubts = new ArrayList<>();
    if (explanation.fullScore() < NOTHING) {
      doubts.add("the model sees nothing of this here");
    }
    if (explanation.attribution() instanceof SegmentValues found
        && Arrays.stream(found.standardErrors()).allMatch(Double::isNaN)) {
      int count = found.segments().count();
      doubts.add(
          "too few samples for %d segments: not reliable; take at least %d (%d × segments)"
              .formatted(count, SAMPLES_A_SEGMENT * count, SAMPLES_A_SEGMENT));
    }
    return doubts;
  }
}
