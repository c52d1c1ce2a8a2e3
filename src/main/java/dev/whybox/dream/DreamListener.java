// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.image.Image;
import java.time.Duration;

/** Is told of a gradient ascent after every step, on the caller's thread. */
@FunctionalInterface
public interface DreamListener {

  /** A listener that does nothing. */
  DreamListener NONE = progress -> {};

  /**
   * Is called after each step.
   *
   * @param progress the state of the ascent; valid during the call
   */
  void onStep(Progress progress);

  /** The state of an ascent. */
  interface Progress {
    /**
     * The number of steps so far.
     *
     * @return at least 1
     */
    int done();

    /**
     * The number of steps if the ascent runs to its end.
     *
     * @return at least {@link #done}
     */
    int planned();

    /**
     * The time since the call.
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
     * Draws the current picture.
     *
     * @return a picture as large as the model's input
     */
    Image image();

    /** Ends the ascent, which then returns the current picture. */
    void cancel();
  }
}
