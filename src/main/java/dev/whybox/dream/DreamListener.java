// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.image.Image;
import java.time.Duration;

/** Hears of gradient ascent, after every step, on the caller's thread. */
@FunctionalInterface
public interface DreamListener {

  /** A listener that does nothing. */
  DreamListener NONE = progress -> {};

  /**
   * One more step is done.
   *
   * @param progress how far the ascent is; valid during the call
   */
  void onStep(Progress progress);

  /** How far an ascent is. */
  interface Progress {
    /**
     * Steps so far.
     *
     * @return at least 1
     */
    int done();

    /**
     * Steps when nothing cuts the ascent short.
     *
     * @return at least {@link #done}
     */
    int planned();

    /**
     * Time since the call.
     *
     * @return at least 0
     */
    Duration elapsed();

    /**
     * The target's value at the view of the last step, before the step.
     *
     * @return in the target's unit
     */
    double value();

    /**
     * The picture as it stands; drawn at the call.
     *
     * @return of the size of the model's input
     */
    Image image();

    /** Ends the ascent: it returns the picture as it stands. */
    void cancel();
  }
}
