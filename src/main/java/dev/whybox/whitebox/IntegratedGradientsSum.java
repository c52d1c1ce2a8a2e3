// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.PassResult;
import dev.whybox.whitebox.IntegrationPath.Part;
import dev.whybox.whitebox.IntegrationPath.Step;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The integral of one target's gradient along an {@link IntegrationPath}. It keeps one map for each
 * part of the way that may still be halved; parts that are exact enough are added up at once.
 */
final class IntegratedGradientsSum implements GradientEstimator {
  /** A part whose error is below this share of the goal is not looked at again. */
  private static final double SETTLED = 1 / 64d;

  private final IntegrationPath path;
  private final GradientTimesInput products;
  private final Map<Part, Integral> open = new LinkedHashMap<>();
  private final float[] settled;
  private double settledError;
  private double settledSum;
  private float full;
  private float empty;
  private long samples;
  private long used;
  private Integral growing;
  private Integral first;
  private int halvings;

  /** The integral over a part, and the logits at its ends and in its middle. */
  private static final class Integral {
    private final Part part;
    private final double from;
    private final double to;
    private final float[] map;
    private double middle;
    private double sum;
    private int nodes;

    Integral(Part part, double from, double to, float[] map) {
      this.part = part;
      this.from = from;
      this.to = to;
      this.map = map;
    }

    double error() {
      return sum - (to - from);
    }
  }

  IntegratedGradientsSum(IntegrationPath path, Pixels pixels, float[] difference) {
    this.path = path;
    this.products = new GradientTimesInput(pixels, difference);
    this.settled = products.map();
    path.add(this);
  }

  @Override
  public void accept(PassResult row) {
    Step step = path.step(samples);
    full = samples == 0 ? row.value() : full;
    empty = samples == 1 ? row.value() : empty;
    samples++;
    if (step.part() == null) {
      used++;
      return;
    }
    Integral whole = step.part().whole() == null ? null : open.get(step.part().whole());
    if (step.part().whole() != null && whole == null) {
      return; // That part is exact enough for this target; others halve it.
    }
    if (growing == null) {
      growing = begin(step.part(), whole);
    }
    products.add(row, growing.map, (float) step.weight());
    if (++growing.nodes == path.nodes() / 2 + 1) {
      growing.middle = row.value();
    }
    if (growing.nodes == path.nodes()) {
      finish(whole);
    }
  }

  private Integral begin(Part part, Integral whole) {
    boolean second = whole != null && part.start() > whole.part.start();
    double from = whole == null ? empty : second ? whole.middle : whole.from;
    double to = whole == null ? full : second ? whole.to : whole.middle;
    return new Integral(part, from, to, products.map());
  }

  /** A part is whole; it takes the place of the larger part when its other half is whole too. */
  private void finish(Integral whole) {
    for (float value : growing.map) {
      growing.sum += value;
    }
    Integral done = growing;
    growing = null;
    if (whole == null) {
      open.put(done.part, done); // A single part can be exact by accident.
    } else if (first == null) {
      first = done;
      return;
    } else {
      open.remove(whole.part);
      keep(first);
      keep(done);
      first = null;
      halvings++;
      used += path.nodes();
    }
    used += path.nodes();
  }

  private void keep(Integral done) {
    if (Math.abs(done.error()) > SETTLED * IntegratedGradients.GAP * Math.abs(fall())) {
      open.put(done.part, done);
      return;
    }
    for (int i = 0; i < settled.length; i++) {
      settled[i] += done.map[i];
    }
    settledSum += done.sum;
    settledError += Math.abs(done.error());
  }

  private double fall() {
    return (double) full - empty;
  }

  /** How far a part is from the difference of its logits, relative to that of the whole way. */
  double relativeError(Part part) {
    Integral found = open.get(part);
    return found == null || satisfied()
        ? 0
        : Math.abs(found.error()) / Math.max(Math.abs(fall()), Float.MIN_NORMAL);
  }

  /** Errors of opposite signs may cancel out by accident, so their sizes count. */
  @Override
  public boolean satisfied() {
    double errors =
        settledError + open.values().stream().mapToDouble(part -> Math.abs(part.error())).sum();
    return halvings > 0 && errors <= IntegratedGradients.GAP * Math.abs(fall());
  }

  @Override
  public long used(long done) {
    return used;
  }

  @Override
  public Estimate estimate() {
    float[] integral = settled.clone();
    double sum = settledSum;
    for (Integral part : open.values()) {
      for (int i = 0; i < integral.length; i++) {
        integral[i] += part.map[i];
      }
      sum += part.sum;
    }
    return new Estimate(products.values(integral), full, empty, Math.abs(sum - fall()));
  }
}
