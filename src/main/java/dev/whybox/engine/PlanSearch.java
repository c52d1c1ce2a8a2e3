// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds the fastest {@link LanePlan} by measuring on samples that are wanted anyway: first how to
 * split the threads into lanes, then, where the batch is free, whether larger batches pay.
 *
 * <p>For one thread at a time.
 */
public final class PlanSearch {
  /** More lanes than this would cost memory (each holds a forward's activations) for little. */
  private static final int MAX_LANES = 8;

  private static final int MAX_BATCH = 8;

  /** A larger plan must be faster by this factor, or noise would choose it. */
  private static final double WORTH = 0.97;

  private final Deque<LanePlan> open = new ArrayDeque<>();
  private final boolean freeBatch;
  private LanePlan best;
  private double bestSeconds = Double.POSITIVE_INFINITY;

  /**
   * A search.
   *
   * @param threads how many threads may be used, at least 1
   * @param fixedBatch the batch of a static model or of the user's choice, or 0 where it is free
   */
  public PlanSearch(int threads, int fixedBatch) {
    this.freeBatch = fixedBatch == 0;
    open.addAll(splits(threads, Math.max(1, fixedBatch)));
    this.best = open.peek();
  }

  private static List<LanePlan> splits(int threads, int batch) {
    List<LanePlan> plans = new ArrayList<>();
    int most = Math.min(threads, MAX_LANES);
    for (int lanes = most; lanes > 1; lanes = lanes / 2) {
      plans.add(new LanePlan(lanes, threads / lanes, batch));
    }
    plans.add(new LanePlan(1, threads, batch));
    return plans;
  }

  /**
   * Whether everything worth trying was measured.
   *
   * @return true where {@link #next} is the plan to keep
   */
  public boolean done() {
    return open.isEmpty();
  }

  /**
   * The plan to run next.
   *
   * @return a plan to measure, or the best one after the search
   */
  public LanePlan next() {
    return done() ? best : open.peek();
  }

  /**
   * How fast the best plan was.
   *
   * @return seconds an image; infinity before the first measurement
   */
  public double secondsPerImage() {
    return bestSeconds;
  }

  /**
   * Tells how fast {@link #next} was.
   *
   * @param secondsPerImage measured after a warm-up
   */
  public void measured(double secondsPerImage) {
    LanePlan plan = open.remove();
    boolean better = secondsPerImage < bestSeconds * (plan.batch() > best.batch() ? WORTH : 1);
    if (better) {
      best = plan;
      bestSeconds = secondsPerImage;
    }
    // The batch grows from the best split, for as long as growing pays.
    boolean grow = plan.batch() == 1 || better;
    if (open.isEmpty() && freeBatch && grow && best.batch() < MAX_BATCH) {
      open.add(new LanePlan(best.lanes(), best.threads(), best.batch() * 2));
    }
  }
}
