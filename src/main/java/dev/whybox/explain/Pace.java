// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Cuts a run into waves: long enough to keep every lane busy, short enough to hear a cancel and to
 * meet a deadline. The first waves also find out how to spread the work, unless that is known.
 */
final class Pace {
  private static final double WAVE_SECONDS = 0.25;

  /** Opening sessions for a search within less time would cost more than it gives. */
  private static final double SEARCH_SECONDS = 2;

  /** Runs a lane that are timed, after one to warm up. */
  private static final int TIMED_RUNS = 3;

  private final long samples;
  private final double deadline;
  private final AtomicReference<LanePlan> known;
  private final PlanSearch search;
  private LanePlan plan;
  private boolean searching;
  private boolean warm;
  private double secondsPerImage = Double.NaN;

  /**
   * A pace.
   *
   * @param samples how many samples are wanted
   * @param deadline seconds from the start, or infinity
   * @param known the best plan where it was found before; set where it is found here
   * @param search what to try
   * @param simple the plan to use where a search does not pay
   */
  Pace(
      long samples,
      double deadline,
      AtomicReference<LanePlan> known,
      PlanSearch search,
      LanePlan simple) {
    this.samples = samples;
    this.deadline = deadline;
    this.known = known;
    this.search = search;
    this.plan = known.get();
    this.searching = plan == null && deadline >= SEARCH_SECONDS;
    if (searching) {
      this.plan = search.next();
    } else if (plan == null) {
      this.plan = simple;
    }
  }

  /** How to spread the next wave. */
  LanePlan plan() {
    return plan;
  }

  /**
   * The size of the next wave.
   *
   * @param done samples so far
   * @param elapsed seconds since the start
   * @return 0 where the deadline leaves no time for one
   */
  int next(long done, double elapsed) {
    double runSeconds = Double.isNaN(secondsPerImage) ? 0 : secondsPerImage * plan.width();
    double left = deadline - elapsed;
    if (left <= runSeconds) {
      return 0;
    }
    long runs = 1;
    if (searching) {
      runs = warm ? TIMED_RUNS : 1;
    } else if (runSeconds > 0) {
      runs = Math.max(1, (long) (Math.min(WAVE_SECONDS, left) / runSeconds));
    }
    return (int) Math.min(samples - done, runs * plan.width());
  }

  /**
   * Tells how long a wave took.
   *
   * @param count its samples
   * @param seconds its time
   */
  void took(int count, double seconds) {
    secondsPerImage = seconds / count;
    if (!searching) {
      return;
    }
    if (!warm) {
      warm = true;
      return;
    }
    warm = false;
    search.measured(secondsPerImage);
    plan = search.next();
    if (search.done()) {
      searching = false;
      secondsPerImage = search.secondsPerImage();
      known.set(plan);
    }
  }
}
