// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.image.Baseline;
import dev.whybox.perturb.Segmentation;
import dev.whybox.yolo.TargetSimilarity;
import java.util.List;
import java.util.Optional;

/**
 * The settings that a user has chosen for a method. An empty setting means the method's own
 * default.
 *
 * @param segmentation the segments that are hidden and shown
 * @param baseline how an absent pixel looks
 * @param similarity how a perturbed image is scored
 * @param estimator the name of an estimator of Shapley values
 * @param layers names of tensors, or layers such as {@code model.15}; empty for the method's own
 *     choice
 */
public record MethodSettings(
    Optional<Segmentation> segmentation,
    Optional<Baseline> baseline,
    Optional<TargetSimilarity> similarity,
    Optional<String> estimator,
    List<String> layers) {

  /** Nothing is chosen: every method has its defaults. */
  public static final MethodSettings NONE =
      new MethodSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  /**
   * Copies the list.
   *
   * @param segmentation the segments, or empty
   * @param baseline the baseline, or empty
   * @param similarity the score, or empty
   * @param estimator an estimator's name, or empty
   * @param layers layers; may be empty
   */
  public MethodSettings {
    layers = List.copyOf(layers);
  }
}
