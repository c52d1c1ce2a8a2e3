// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * A setting that only some methods use. The command line refuses an option that none of the chosen
 * methods uses.
 */
public enum MethodOption {
  /** The largest number of samples or passes. */
  SAMPLES("--samples"),
  /** The time within which the answer must come. */
  DEADLINE("--deadline"),
  /** The relative standard error at which the run stops. */
  ERROR("--error"),
  /** How Shapley values are estimated. */
  ESTIMATOR("--estimator"),
  /** The segments that are hidden and shown. */
  SEGMENTS("--segments"),
  /** How an absent pixel looks. */
  BASELINE("--baseline"),
  /** How a perturbed image is scored. */
  SIMILARITY("--agreement"),
  /** The layers whose activations are read. */
  LAYER("--layer");

  private final String flag;

  MethodOption(String flag) {
    this.flag = flag;
  }

  /**
   * The option on the command line.
   *
   * @return such as {@code --samples}
   */
  public String flag() {
    return flag;
  }
}
