// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

/**
 * A part of an image: what a target covers. Today that is a box; a new kind is a record of its own
 * and its name in the list below. Immutable.
 */
public sealed interface Region permits Box {

  /**
   * How well another region covers the same.
   *
   * @param other a region in the same pixels
   * @return a value in [0,1]; 1 for the same region
   */
  float similarity(Region other);

  /**
   * The smallest upright box around the region.
   *
   * @return in the same pixels
   */
  Box bounds();

  /**
   * The region somewhere else.
   *
   * @param dx pixels to the right
   * @param dy pixels down
   * @return the moved region
   */
  Region moved(float dx, float dy);

  /**
   * The part inside {@code [0,width] × [0,height]}.
   *
   * @param width the right limit
   * @param height the lower limit
   * @return the clipped region; its bounds are empty (area 0) where nothing is inside
   */
  Region clip(float width, float height);

  /**
   * The region as the model sees it.
   *
   * @param letterbox how the image is fitted into the input
   * @return the region in pixels of the input
   */
  Region toInput(Letterbox letterbox);

  /**
   * The region as a person sees it.
   *
   * @param letterbox how the image was fitted into the input
   * @return the region in pixels of the image, clipped to it
   */
  Region toImage(Letterbox letterbox);
}
