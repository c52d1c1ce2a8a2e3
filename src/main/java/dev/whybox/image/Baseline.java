// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

/** What "absent" looks like. */
public enum Baseline {
  /** The image, blurred beyond recognition. */
  BLUR("blur"),
  /** The image's mean colour. */
  MEAN("mean"),
  /** Gray 114, the colour of the detector's own padding. */
  GRAY("gray"),
  /** Uniform noise, a function of the seed. */
  NOISE("noise"),
  /** The blurred image; inside the targets' boxes what the surroundings suggest (Telea 2004). */
  INPAINT("inpaint");

  private final String label;

  Baseline(String label) {
    this.label = label;
  }

  /**
   * The name on the command line and in JSON.
   *
   * @return the constant's name in lower case
   */
  public String label() {
    return label;
  }
}
