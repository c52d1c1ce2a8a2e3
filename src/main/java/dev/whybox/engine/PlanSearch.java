// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the fastest {@link LanePlan} by measuring on samples that are wanted anyway: first how to
 * split the threads into lanes, then, where the batch is free, whether larger batches pay. It looks
 * at every plan in {@value #LOOKS} calls, and the least time counts: what else the machine did at
 * the first look would decide for all calls to come.
 *
 * <p>One search serves all calls on a model: what a short call does not find out, the next one
 * does. Safe to share between threads.
 */
public final class PlanSearch {
  /** More lanes than this would cost memory (each holds a forward's activations) for little. */
  private static final int MAX_LANES = 8;

  private static final int MAX_BATCH = 8;

  /** A larger batch must be faster by this factor, or noise would choose it. */
  private static final double WORTH = 0.97;

  /** In so many calls every plan is measured. */
  private static final int LOOKS = 2;

  private final Deque<LanePlan> open = new ArrayDeque<>();

  /** The least seconds an image of every plan, in the order of the first look. */
  private final Map<LanePlan, Double> least = new LinkedHashMap<>();

  private int looks = 1;

  /** The largest batch to try, from the one that is begun with. */
  private final int largest;

  private LanePlan best;
  private double bestSeconds = Double.POSITIVE_INFINITY;

  /**
   * A search.
   *
   * @param threads how many threads may be used, at least 1
   * @param fixedBatch the batch of a static model or of the user's choice, or 0 where it is free
   */
  public PlanSearch(int threads, int fixedBatch) {
    this.largest = fixedBatch == 0 ? MAX_BATCH : fixedBatch;
    int batch = Math.max(1, fixedBatch);
    for (int lanes = Math.min(threads, MAX_LANES); lanes > 1; lanes /= 2) {
      open.add(new LanePlan(lanes, threads / lanes, batch));
    }
    open.add(new LanePlan(1, threads, batch));
  }

  private PlanSearch(LanePlan first, int largest) {
    this.largest = largest;
    open.add(first);
  }

  /**
   * A search for the batch alone.
   *
   * @param lanes how many runs are under way at once, at least 1
   * @param smallest the batch to begin with, at least 1
   * @param largest the largest batch that can be run
   * @return the search
   */
  public static PlanSearch ofBatches(int lanes, int smallest, int largest) {
    return new PlanSearch(new LanePlan(lanes, 1, smallest), largest);
  }

  /** Tells that a new call begins, which may look at all plans again. */
  public synchronized void begin() {
    if (open.isEmpty() && looks < LOOKS && least.size() > 1) {
      looks++;
      open.addAll(least.keySet());
    }
  }

  /**
   * The plan to measure next.
   *
   * @return a plan, or null where the search is over
   */
  public synchronized LanePlan next() {
    return open.peek();
  }

  /**
   * The best plan so far.
   *
   * @return a plan, or null before the first measurement
   */
  public synchronized LanePlan best() {
    return best;
  }

  /**
   * How fast the best plan was.
   *
   * @return seconds an image; infinity before the first measurement
   */
  public synchronized double secondsPerImage() {
    return bestSeconds;
  }

  /**
   * Tells how fast a plan was.
   *
   * @param plan what {@link #next} gave; ignored where another thread was faster to tell
   * @param secondsPerImage measured after a warm-up
   */
  public synchronized void measured(LanePlan plan, double secondsPerImage) {
    if (!plan.equals(open.peek())) {
      return;
    }
    open.remove();
    boolean larger = best != null && plan.batch() > best.batch();
    least.merge(plan, secondsPerImage, Math::min);
    choose();
    // The batch grows from the best split, for as long as growing pays.
    boolean grow = (best.equals(plan) || !larger) && best.batch() < largest;
    int batch = Math.min(2 * best.batch(), largest);
    LanePlan next = new LanePlan(best.lanes(), best.threads(), batch);
    if (open.isEmpty() && grow && !least.containsKey(next)) {
      open.add(next);
    }
  }

  private void choose() {
    best = null;
    bestSeconds = Double.POSITIVE_INFINITY;
    least.forEach(
        (plan, seconds) -> {
          boolean larger = best != null && plan.batch() > best.batch();
          if (seconds < bestSeconds * (larger ? WORTH : 1)) {
            best = plan;
            bestSeconds = seconds;
          }
        });
  }

  /**
   * Tells that a plan cannot be run: too little memory, or a batch that the model does not take.
   *
   * @param plan what {@link #next} gave
   */
  public synchronized void rejected(LanePlan plan) {
    if (plan.equals(open.peek())) {
      open.remove();
    }
  }
}
