// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

/**
 * How well an anchor of a perturbed image agrees with the target. The score of the image is the
 * maximum over anchors.
 */
public enum TargetSimilarity {
  /**
   * IoU(box of the anchor, box of the target) × the anchor's probability of the target's class.
   * Anchors that overlap more with another detection of the class do not speak for the target; see
   * {@link Rivals}.
   */
  PROBABILITY("iou-probability"),
  /**
   * IoU × cosine of the anchor's and the target's vectors of class probabilities, as in Petsiuk et
   * al. 2021. It sees the kind of object but not how sure the detector is. For a box that the user
   * asks about, the target's vector is the class alone. As in the paper, every anchor may speak.
   */
  COSINE("d-rise");

  private final String label;

  TargetSimilarity(String label) {
    this.label = label;
  }

  /**
   * The name on the command line and in JSON.
   *
   * @return {@code iou-probability} or {@code d-rise}
   */
  public String label() {
    return label;
  }
}
