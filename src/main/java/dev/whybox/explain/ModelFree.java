// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.yolo.Target;

/** A method that does not run the model: a guess to compare other methods with, and a fallback. */
public interface ModelFree extends Method {

  /**
   * Guesses the map of a target.
   *
   * @param width the image's width in pixels
   * @param height the image's height in pixels
   * @param target a target inside the image
   * @return the map
   */
  Attribution guess(int width, int height, Target target);
}
