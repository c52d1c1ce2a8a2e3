// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.perturb.Segmentation;
import java.util.List;

/** A method that can be predicted from another method's samples of the same segments. */
public interface FromSurrogate extends BlackBox {

  /**
   * The segments.
   *
   * @return how the image is cut
   */
  Segmentation segmentation();

  /**
   * What this method would find.
   *
   * @param surrogate predicts the score of any coalition of the same segments
   * @param seed of whatever is drawn
   * @return one estimate per target
   */
  List<Estimator.Estimate> estimate(SurrogateModel surrogate, long seed);
}
