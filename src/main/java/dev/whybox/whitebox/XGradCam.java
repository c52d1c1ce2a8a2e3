// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * XGrad-CAM: Fu, Hu, Dong, Guo, Gao, Li, "Axiom-based Grad-CAM: towards accurate visualization and
 * explanation of CNNs" (BMVC 2020). A channel counts as much as its mean gradient, weighted by its
 * activations.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record XGradCam(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "x-grad-cam",
          Approach.WHITE_BOX,
          "the same, by gradients weighted with the activations",
          "the same, by gradients weighted with activations",
          "Fu et al. 2020",
          "1.5 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(),
          settings -> new XGradCam(settings.layers()));

  /** At the layer that Whybox chooses. */
  public XGradCam() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public XGradCam {
    layers = List.copyOf(layers);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public XGradCam withLayers(List<String> others) {
    return new XGradCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    return Channels.weighted(activations, gradients, channels, XGradCam::weight);
  }

  private static double weight(float[] activations, float[] gradients, int from, int to) {
    double sum = 0;
    double size = 0;
    double product = 0;
    for (int i = from; i < to; i++) {
      sum += activations[i];
      size += Math.abs(activations[i]);
      product += (double) activations[i] * gradients[i];
    }
    // Activations that cancel out have no mean to weigh by.
    return Math.abs(sum) > 1e-3 * size ? product / sum : 0;
  }
}
