// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

/** What is to be made large: a function of a picture, with its gradient. */
@FunctionalInterface
public interface Objective {

  /**
   * Evaluates at a view of the picture.
   *
   * @param planes the view as the model sees it: three planes of {@code height × width} values in
   *     [0,1], red first; not changed
   * @param view where each of its pixels lies in the picture
   * @param gradient receives the gradient at the view, of the same size
   * @return the value
   */
  double evaluate(float[] planes, Affine view, float[] gradient);
}
