// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;

/**
 * Cuts a run into waves: long enough to keep every lane busy, short enough to hear a cancel and to
 * meet a deadline. The first waves also find out how to spread the work, unless that is known.
 */
final class WaveScheduler {
  private static final double WAVE_SECONDS = 0.25;

  /** Opening sessions for a search within less time would cost more than it gives. */
  private static final double SEARCH_SECONDS = 2;

  /**
   * How much of what was known of an image's time a new wave leaves. Two waves share the lanes, so
   * the second may end right after the first: one wave alone says little.
   */
  private static final double MEMORY = 0.75;

  /** Runs a lane that are timed, after one to warm up. */
  private static final int TIMED_RUNS = 3;

  private final long samples;
  private final double deadline;
  private final PlanSearch search;
  private final LanePlan simple;
  private final RunTimes times;
  private LanePlan plan;
  private boolean searching;
  private boolean warm;
  private double secondsPerImage = Double.NaN;
  private double recentImages;
  private double recentSeconds;
  private double reserved;
  private boolean shared;

  /**
   * A pace.
   *
   * @param samples how many samples are wanted
   * @param deadline seconds from the start, or infinity
   * @param search the plans that were measured, and those to try
   * @param simple the plan to use where nothing is known and a search does not pay
   * @param times what earlier calls took
   */
  WaveScheduler(long samples, double deadline, PlanSearch search, LanePlan simple, RunTimes times) {
    this.samples = samples;
    this.deadline = deadline;
    this.search = search;
    this.simple = simple;
    this.times = times;
    search.begin();
    choose();
  }

  private void choose() {
    LanePlan next = search.next();
    searching = next != null && deadline >= SEARCH_SECONDS;
    warm = false;
    if (searching) {
      plan = next;
    } else {
      plan = search.best() == null ? simple : search.best();
      secondsPerImage = search.best() == null ? Double.NaN : expected();
    }
  }

  /** What an image took lately; the search knows the least time alone. */
  private double expected() {
    double recent = times.secondsPerImage();
    return Double.isNaN(recent) ? search.secondsPerImage() : recent;
  }

  /** Ends the search, with the best plan so far. */
  void settle() {
    searching = false;
    plan = search.best() == null ? simple : search.best();
  }

  /** What an image takes, as measured last; NaN before. */
  double secondsPerImage() {
    return secondsPerImage;
  }

  /** How to spread the next wave. */
  LanePlan plan() {
    return plan;
  }

  /**
   * Whether waves may overlap: not while they are measured, nor before one image's time is known.
   *
   * @return true where the plan will not change any more
   */
  boolean steady() {
    return !searching && !Double.isNaN(secondsPerImage);
  }

  /**
   * How long a wave that runs will still take.
   *
   * @param images its images
   * @param elapsed seconds since its start
   * @return at least 0
   */
  double remaining(int images, double elapsed) {
    return Math.max(0, images * secondsPerImage - elapsed);
  }

  /**
   * The size of the next wave.
   *
   * @param done samples so far
   * @param extra images that are run besides
   * @param elapsed seconds since the start
   * @return 0 where the deadline leaves no time for one, or where the extra images must first tell
   *     how long one takes
   */
  int next(long done, int extra, double elapsed) {
    double runSeconds = Double.isNaN(secondsPerImage) ? 0 : secondsPerImage * plan.width();
    // A deadline is kept where a slow wave ends in time, too.
    double left = (deadline - reserved - elapsed) / times.tail();
    boolean unknown = runSeconds == 0 && deadline < Double.POSITIVE_INFINITY && extra > 0;
    if (left <= runSeconds || unknown) {
      return 0;
    }
    long runs = 1;
    if (runSeconds > 0 && !shared) {
      runs = Math.max(1, (long) (Math.min(WAVE_SECONDS, left) / runSeconds));
    }
    if (searching) {
      // What a lane needs to be measured, even where that is longer than a usual wave.
      runs = warm ? (long) Math.min(TIMED_RUNS, Math.max(1, left / runSeconds)) : 1;
    }
    long wave = runs * plan.width() - extra;
    return (int) Math.min(samples - done, wave > 0 ? wave : plan.width());
  }

  /**
   * Tells whether others wait for the processors: waves are then as short as they can be.
   *
   * @param others whether anybody waits
   */
  void share(boolean others) {
    shared = others;
  }

  /** How long the shortest wave takes, in seconds; 0 before that is known. */
  double shortest() {
    return Double.isNaN(secondsPerImage) ? 0 : secondsPerImage * plan.width();
  }

  /**
   * Tells how long a wave took.
   *
   * @param images how many images were run, extra images included
   * @param seconds its time
   */
  void took(int images, double seconds) {
    if (!searching) {
      times.took(seconds / images);
      recentImages = MEMORY * recentImages + images;
      recentSeconds = MEMORY * recentSeconds + seconds;
      secondsPerImage = recentSeconds / recentImages;
      return;
    }
    secondsPerImage = seconds / images;
    if (!warm) {
      warm = images >= plan.width();
    } else if (images >= TIMED_RUNS * plan.width()) {
      // A shorter wave would not have kept all lanes busy to its end.
      search.measured(plan, secondsPerImage);
      choose();
    }
  }

  /**
   * Tells that the plan cannot be run.
   *
   * @return whether there is another one
   */
  boolean reject() {
    LanePlan rejected = plan;
    if (searching) {
      search.rejected(rejected);
      choose();
    }
    boolean untried = Double.isNaN(secondsPerImage);
    if (plan.equals(rejected) && untried && plan.lanes() > 1) {
      // One lane has room where several have not.
      plan = new LanePlan(1, plan.lanes() * plan.threads(), plan.batch());
    }
    return !plan.equals(rejected);
  }

  /**
   * Keeps time for the work after the last wave.
   *
   * @param seconds that the estimate will take
   */
  void reserve(double seconds) {
    reserved = seconds;
  }

  /** What is kept for that, in seconds; 0 before it is known. */
  double reserved() {
    return reserved;
  }
}
