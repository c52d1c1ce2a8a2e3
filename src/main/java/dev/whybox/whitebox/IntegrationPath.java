// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.ArrayList;
import java.util.List;

/**
 * Where on the way from the baseline to the image the gradient is taken: Gauss–Legendre nodes on
 * parts of the way, and the part with the largest error is halved again and again. Gradients of
 * detectors peak in a small part of the way, where equal steps are too long.
 *
 * <p>The error of a part is known, not estimated: the integral of the directional derivative over a
 * part is the difference of the logits at its ends, and each end was a node before, since the
 * number of nodes is odd. The targets of a run share the way; a part is halved for the target that
 * needs it most. For one thread at a time.
 */
final class IntegrationPath {
  private static final double[][] NODES = {
    {0},
    {-0.7745966692414834, 0, 0.7745966692414834},
    {-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640}
  };
  private static final double[][] WEIGHTS = {
    {2},
    {5 / 9d, 8 / 9d, 5 / 9d},
    {0.2369268850561891, 0.4786286704993665, 128 / 225d, 0.4786286704993665, 0.2369268850561891}
  };

  /** The image and the baseline come before the nodes. */
  private static final int ENDS = 2;

  /**
   * A part of the way.
   *
   * @param start where it begins, from 0 at the baseline
   * @param end where it ends, to 1 at the image
   */
  record Part(double start, double end, Part whole) {
    double middle() {
      return (start + end) / 2;
    }

    Part first() {
      return new Part(start, middle(), this);
    }

    Part second() {
      return new Part(middle(), end, this);
    }
  }

  /**
   * A sample.
   *
   * @param part which part it belongs to; null for the image and the baseline
   * @param position 0 to 1
   * @param weight of the gradient there
   */
  record Step(Part part, double position, double weight) {}

  private final int rule;
  private final List<Step> steps =
      new ArrayList<>(List.of(new Step(null, 1, 0), new Step(null, 0, 0)));
  private final List<Part> parts = new ArrayList<>();
  private final List<IntegratedGradientsSum> sums = new ArrayList<>();

  /**
   * A way that is not yet divided.
   *
   * @param samples how many there are at most, at least 3; few samples take a rule of fewer nodes
   */
  IntegrationPath(long samples) {
    this.rule = samples >= ENDS + 5 ? 2 : samples >= ENDS + 3 ? 1 : 0;
  }

  /** Joins a target. */
  void add(IntegratedGradientsSum sum) {
    sums.add(sum);
  }

  /** The nodes of a part. */
  int nodes() {
    return NODES[rule].length;
  }

  /** The samples that a map needs at least. */
  int least() {
    return ENDS + nodes();
  }

  /**
   * The samples that are of use.
   *
   * @param samples how many may be taken, at least 3
   * @return the greatest number, not above, after which every part is whole
   */
  long used(long samples) {
    return least() + (samples - least()) / (2L * nodes()) * 2 * nodes();
  }

  /**
   * A sample.
   *
   * @param sample its number; those before it were taken
   */
  Step step(long sample) {
    if (sample >= steps.size()) {
      if (parts.isEmpty()) {
        open(new Part(0, 1, null));
      } else {
        Part worst = worst();
        parts.remove(worst);
        open(worst.first());
        open(worst.second());
      }
    }
    return steps.get(Math.toIntExact(sample));
  }

  private void open(Part part) {
    parts.add(part);
    double half = (part.end - part.start) / 2;
    for (int i = 0; i < nodes(); i++) {
      steps.add(new Step(part, part.middle() + half * NODES[rule][i], half * WEIGHTS[rule][i]));
    }
  }

  /** The part that is worst for any target; the first of equals. */
  private Part worst() {
    Part worst = parts.get(0);
    double most = -1;
    for (Part part : parts) {
      double error = sums.stream().mapToDouble(sum -> sum.relativeError(part)).max().orElse(0);
      if (error > most) {
        most = error;
        worst = part;
      }
    }
    return worst;
  }
}
