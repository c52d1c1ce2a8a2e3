// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Region;

/**
 * One object that the detector found.
 *
 * @param region where, in pixels of the image as a person sees it, clipped to the image (rotated
 *     boxes stay whole)
 * @param classId the class's number, from 0
 * @param className the class's name, from the model's metadata
 * @param score the class score after the sigmoid, in [0,1]
 * @param anchor the index of the anchor that produced the region, on the output's anchor axis
 */
public record Detection(Region region, int classId, String className, float score, int anchor) {

  /**
   * The smallest upright box around the region.
   *
   * @return in pixels of the image as a person sees it; that of a rotated box may reach outside the
   *     image
   */
  public Box box() {
    return region.bounds();
  }
}
