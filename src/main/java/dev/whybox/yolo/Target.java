// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.image.Box;
import dev.whybox.image.Region;

/**
 * What is explained: a class at a place. Its score on an image is the best similarity that any
 * anchor of the raw head shows, before any threshold and before non-maximum suppression.
 */
public sealed interface Target {

  /**
   * Where.
   *
   * @return the region in pixels of the image as a person sees it
   */
  Region region();

  /**
   * The smallest upright box around the region.
   *
   * @return in pixels of the image as a person sees it
   */
  default Box box() {
    return region().bounds();
  }

  /**
   * Which class.
   *
   * @return the class's number, from 0
   */
  int classId();

  /**
   * Why was this found?
   *
   * @param detection a detection of the image
   * @return the target
   */
  static Target of(Detection detection) {
    return new Found(detection);
  }

  /**
   * Why was this missed, or what speaks for it?
   *
   * @param region where, such as a box, in pixels of the image as a person sees it
   * @param classId a class of the model
   * @return the target
   */
  static Target of(Region region, int classId) {
    return new Asked(region, classId);
  }

  /**
   * A detection of the model.
   *
   * @param detection what the model found
   */
  record Found(Detection detection) implements Target {
    @Override
    public Region region() {
      return detection.region();
    }

    @Override
    public int classId() {
      return detection.classId();
    }
  }

  /**
   * A region and class that the user asks about.
   *
   * @param region in pixels of the image as a person sees it
   * @param classId the class's number, from 0
   */
  record Asked(Region region, int classId) implements Target {}
}
