// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

/** How a method learns about a model. */
public enum Approach {
  /** It runs the model on changed images and needs no knowledge of its inside. */
  BLACK_BOX("Asking the model about changed images:", "sample", "samples"),
  /** It reads gradients and activations inside the model. */
  WHITE_BOX("Looking inside the model, in one or a few passes:", "pass", "passes"),
  /** It does not run the model at all. */
  MODEL_FREE("Without the model:", "pass", "passes");

  private final String heading;
  private final String one;
  private final String many;

  Approach(String heading, String one, String many) {
    this.heading = heading;
    this.one = one;
    this.many = many;
  }

  /**
   * The heading of these methods in a list.
   *
   * @return a clause that ends with a colon
   */
  public String heading() {
    return heading;
  }

  /**
   * The word for one unit of work.
   *
   * @return {@code sample} or {@code pass}
   */
  public String unit() {
    return one;
  }

  /**
   * A number of units of work in words, for the line below a picture.
   *
   * @param number how many, at least 0
   * @return such as {@code 300 samples}, {@code 1 pass} or {@code no pass}
   */
  public String effort(int number) {
    return (number == 0 && this == MODEL_FREE ? "no" : String.valueOf(number))
        + " "
        + (number == 1 || this == MODEL_FREE ? one : many);
  }
}
