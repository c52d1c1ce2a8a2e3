// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/** The function that gradient ascent maximises: a value of a picture, with its gradient. */
@FunctionalInterface
public interface AscentObjective {

  /**
   * Computes value and gradient at a view of the picture.
   *
   * @param planes the model's input: the view as three planes of {@code height × width} values in
   *     [0,1], red first; not changed
   * @param view maps the view's pixels to the picture
   * @param gradient receives the gradient with respect to {@code planes}, of the same size
   * @return the value
   */
  double evaluate(float[] planes, Affine view, float[] gradient);
}
