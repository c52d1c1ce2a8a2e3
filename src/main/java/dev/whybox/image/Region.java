// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import java.util.List;

/**
 * The part of an image that a target covers. A new kind is a new record, named in the {@code
 * permits} list and in {@link Kind}. Immutable.
 */
public sealed interface Region permits Box, Mask, RotatedBox, WholeImage {

  /** The kinds of regions. */
  enum Kind {
    /** {@link Box}. */
    BOX("box"),
    /** {@link RotatedBox}. */
    ROTATED_BOX("rotated-box"),
    /** {@link Mask}. */
    MASK("mask"),
    /** {@link WholeImage}. */
    WHOLE_IMAGE("whole-image");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /**
     * The name in JSON and in messages.
     *
     * @return lower case, with hyphens
     */
    public String label() {
      return label;
    }
  }

  /**
   * Which kind this is.
   *
   * @return the kind
   */
  Kind kind();

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
   * The lines around the region, for pictures.
   *
   * @return closed lines, each as x and y in turn; may be empty
   */
  List<float[]> outline();

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
