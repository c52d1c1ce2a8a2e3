// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.explain.Method;
import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.TargetSimilarity;
import java.util.Optional;

/**
 * A method that learns from the scores of images with parts missing, so that it needs to know
 * nothing of the model. A sample is such an image.
 */
public interface BlackBox extends Method {

  /**
   * How an absent pixel looks.
   *
   * @return the baseline
   */
  Baseline baseline();

  /**
   * How the score of a perturbed image is taken.
   *
   * @return the similarity between an anchor and the target
   */
  TargetSimilarity similarity();

  /**
   * Plans a run: the masks of the samples, and the estimator of their scores.
   *
   * @param setting the image, the targets and the budget
   * @return masks and estimator, for one run
   * @throws dev.whybox.error.WhyboxException.BadArgument where the method does not fit the image,
   *     such as more segments than can be estimated
   */
  Plan plan(Setting setting);

  /**
   * Over which segments the estimator predicts the scores of all coalitions, so that a {@link
   * FromSurrogate} with the same segments, baseline and score needs no forward of its own.
   *
   * @return empty where it predicts nothing
   */
  default Optional<Segmentation> surrogateSegmentation() {
    return Optional.empty();
  }

  /**
   * Whether another method can be predicted from this one's samples.
   *
   * @param other the method that would need no forward pass
   * @return false where the other needs samples of its own in any case
   */
  default boolean predicts(FromSurrogate other) {
    return surrogateSegmentation().equals(Optional.of(other.segmentation()))
        && baseline().equals(other.baseline())
        && similarity() == other.similarity();
  }
}
