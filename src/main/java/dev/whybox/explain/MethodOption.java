// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/**
 * A setting that some methods use and others do not. The command line refuses an option that none
 * of the chosen methods uses.
 */
public enum MethodOption {
  /** How many samples or passes there are at most. */
  SAMPLES("--samples"),
  /** The time until which the answer must be there. */
  DEADLINE("--deadline"),
  /** The relative standard error at which the run stops. */
  ERROR("--error"),
  /** How Shapley values are estimated. */
  ESTIMATOR("--estimator"),
  /** The segments that are switched on and off. */
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
