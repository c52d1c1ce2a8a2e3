// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.time.Duration;
import java.util.List;

/** Is told of a run's progress after every wave of samples, on the caller's thread. */
@FunctionalInterface
public interface ProgressListener {

  /** A listener that does nothing. */
  ProgressListener NONE = progress -> {};

  /**
   * Is called after each wave.
   *
   * @param progress the state of the run; valid during the call
   */
  void onProgress(Progress progress);

  /** The state of a run. */
  interface Progress {
    /**
     * The number of samples so far.
     *
     * @return at least 0
     */
    long done();

    /**
     * The number of samples if the run goes to its end.
     *
     * @return at least {@link #done}
     */
    long planned();

    /**
     * The time since the call.
     *
     * @return at least 0
     */
    Duration elapsed();

    /**
     * Computes the explanations from the samples so far.
     *
     * @return one per target, marked as {@link Explanation.Stop#RUNNING}
     */
    List<Explanation> partial();

    /** Ends the run, which then returns its result so far. */
    void cancel();
  }
}
