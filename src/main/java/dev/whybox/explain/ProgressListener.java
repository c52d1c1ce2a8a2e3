// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.time.Duration;
import java.util.List;

/** Hears of an explanation while it grows: after every wave of samples, on the caller's thread. */
@FunctionalInterface
public interface ProgressListener {

  /** A listener that does nothing. */
  ProgressListener NONE = progress -> {};

  /**
   * One more wave is done.
   *
   * @param progress how far the run is; valid during the call
   */
  void onProgress(Progress progress);

  /** How far a run is. */
  interface Progress {
    /**
     * Samples so far.
     *
     * @return at least 0
     */
    long done();

    /**
     * Samples when nothing cuts the run short.
     *
     * @return at least {@link #done}
     */
    long planned();

    /**
     * Time since the call.
     *
     * @return at least 0
     */
    Duration elapsed();

    /**
     * The explanations as they stand; computed at the call.
     *
     * @return one per target, marked as {@link Explanation.Stop#RUNNING}
     */
    List<Explanation> partial();

    /** Ends the run: it returns what it has. */
    void cancel();
  }
}
