// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Grad-CAM++: Chattopadhay, Sarkar, Howlader, Balasubramanian, "Grad-CAM++: generalized
 * gradient-based visual explanations for deep convolutional networks" (WACV 2018). A channel counts
 * as much as its positive gradients, each weighted by α = g² / (2g² + ΣA·g³), so that several
 * objects count alike. The score is exp(logit), whose own factor is left out: it scales the map as
 * a whole. Activations below 0, which the paper does not know, do not count in ΣA.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record GradCamPlusPlus(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "grad-cam++",
          Approach.WHITE_BOX,
          "the same, by weighted positive gradients of each channel",
          "the same, by weighted positive gradients",
          "Chattopadhay et al. 2018",
          "1.5 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(),
          settings -> new GradCamPlusPlus(settings.layers()));

  /** At the layer that Whybox chooses. */
  public GradCamPlusPlus() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public GradCamPlusPlus {
    layers = List.copyOf(layers);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public GradCamPlusPlus withLayers(List<String> others) {
    return new GradCamPlusPlus(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    return Channels.weighted(activations, gradients, channels, GradCamPlusPlus::weight);
  }

  private static double weight(float[] activations, float[] gradients, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.max(activations[i], 0);
    }
    double weight = 0;
    for (int i = from; i < to; i++) {
      double g = gradients[i];
      if (g > 0) {
        weight += g / (2 + sum * g); // α · g, with g² cut
      }
    }
    return weight;
  }
}
