// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

/**
 * The part of an image that a target covers. A box is the only kind so far; a new kind is a new
 * record, named in the {@code permits} list. Immutable.
 */
public sealed interface Region permits Box {

  /**
   * How well this region and another one cover the same pixels.
   *
   * @param other a region in the same pixels
   * @return a value in [0,1]; 1 for equal regions
   */
  float similarity(Region other);

  /**
   * The smallest axis-aligned box around the region.
   *
   * @return the box, in the same pixels
   */
  Box bounds();

  /**
   * Moves the region.
   *
   * @param dx pixels to the right
   * @param dy pixels down
   * @return the moved region
   */
  Region moved(float dx, float dy);

  /**
   * Cuts the region to {@code [0,width] × [0,height]}.
   *
   * @param width the right limit
   * @param height the lower limit
   * @return the part inside; its bounds are empty (area 0) if nothing is inside
   */
  Region clip(float width, float height);

  /**
   * Converts the region to pixels of the model's input.
   *
   * @param letterbox fits the image into the input
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
