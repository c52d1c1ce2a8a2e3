// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadTarget;
import dev.whybox.image.Box;
import dev.whybox.image.Keypoints;
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
   * One keypoint of the body that was found. As a target its score is the keypoint's own
   * confidence, times how near a keypoint lies to it; where the model has no confidences, the
   * class's.
   *
   * @param number the keypoint's number, from 0
   * @return the same detection with that choice
   * @throws BadTarget if the detection has no such keypoint
   */
  public Detection keypoint(int number) {
    if (!(region instanceof Keypoints body)) {
      throw new BadTarget("The detection is a " + region.kind().label() + ", without keypoints.");
    }
    if (number < 0 || number >= body.points().size()) {
      throw new BadTarget(
          "Keypoint %d is unknown: a detection has keypoints 0 to %d."
              .formatted(number, body.points().size() - 1));
    }
    return new Detection(body.only(number), classId, className, score, anchor);
  }

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
