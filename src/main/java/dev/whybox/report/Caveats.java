// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Box;
import dev.whybox.image.Region;
import dev.whybox.perturb.Segments;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The warnings that a reader needs before trusting a map. */
public final class Caveats {
  /** With at least so many samples per segment the fits of SHAP and LIME are sound. */
  private static final int SAMPLES_A_SEGMENT = 4;

  /** Above this relative standard error the order of most segments is chance. */
  private static final double UNCERTAIN = 0.5;

  /** Scores below this are rounding errors, not evidence. */
  private static final double NOTHING = 1e-4;

  /** Above a detection's score by more than this, something else is scored. */
  private static final double OTHER = 0.02;

  private Caveats() {}

  /** With fewer segments of mean size in the box, the map cannot tell the box from its surround. */
  private static final double FEWEST = 1;

  /** So many segments in a box show which part of it counts. */
  private static final int ENOUGH = 6;

  /**
   * The caveats of an explanation: those that any method may have, and those of its own method.
   *
   * @param explanation the explanation
   * @return one clause per caveat, without a full stop; empty if there is none
   */
  public static List<String> of(Explanation explanation) {
    List<String> caveats = new ArrayList<>();
    if (explanation.instead() != null) {
      caveats.add(
          "%s answers in place of %s, since the deadline left no time for a sample"
              .formatted(explanation.method().name(), explanation.instead().asked().name()));
    }
    if (explanation.fullScore() < NOTHING) {
      caveats.add("the model sees no object of this class here");
    }
    if (explanation.target() instanceof Target.Found found
        && TargetSimilarity.PROBABILITY
            .label()
            .equals(explanation.method().parameters().get("agreement"))
        && found.region().kind() != Region.Kind.KEYPOINTS // one of them has a score of its own
        && explanation.fullScore() > found.detection().score() + OTHER) {
      caveats.add(
          "the full image scores %.3f, more than the detection's %.3f: another candidate fits this box, so the map may be of its object"
              .formatted(explanation.fullScore(), found.detection().score()));
    }
    if (explanation.attribution() instanceof SegmentValues found) {
      coarse(explanation, found.segments(), caveats);
      int count = found.segments().count();
      if (Arrays.stream(found.standardErrors()).allMatch(Double::isNaN)) {
        caveats.add(
            "too few samples for %d segments: not reliable; take at least %d (%d × segments)"
                .formatted(count, SAMPLES_A_SEGMENT * count, SAMPLES_A_SEGMENT));
      } else if (found.relativeError() > UNCERTAIN) {
        caveats.add(
            "the standard errors are large compared with the values: not reliable; take"
                + " more samples");
      }
    }
    Estimation estimation = explanation.estimation().orElse(null);
    if (estimation != null && estimation.capped() && explanation.stop() == Stop.SAMPLES) {
      caveats.add(
          "%s uses at most %d samples, though %d were asked for; to use more, choose the estimator leverage"
              .formatted(estimation.estimator(), estimation.most(), estimation.asked()));
    }
    caveats.addAll(explanation.method().kind().caveatsOf(explanation));
    double scale = explanation.gradientScale().orElse(1);
    if (scale != 1) {
      caveats.add(
          "%s cannot hold gradients of this size: they were scaled by 2^%d while they were computed"
              .formatted(explanation.engine().precision(), Math.getExponent(scale)));
    }
    return caveats;
  }

  /** Says so if the segments are larger than the target's box. */
  private static void coarse(Explanation why, Segments segments, List<String> caveats) {
    Box box = why.target().box().clip(why.image().width(), why.image().height());
    double image = (double) why.image().width() * why.image().height();
    double inside = segments.count() * box.area() / image;
    if (!(inside > 0 && inside < FEWEST)) {
      return;
    }
    long needed = (long) Math.ceil(ENOUGH * image / box.area());
    caveats.add(
        "the segments are larger than this box, so its values belong to its neighbourhood too; "
            + (needed <= Segments.MAX_COUNT
                ? "take finer ones, such as --segments slic:" + needed
                : "cut the picture around it, or take a method with pixels, such as layer-cam"));
  }
}
