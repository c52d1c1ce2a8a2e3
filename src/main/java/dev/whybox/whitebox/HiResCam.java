// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * HiResCAM: Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations of
 * convolutional neural networks" (2020). Gradient times activation at every position, summed over
 * channels: unlike Grad-CAM it never lights up what the model did not use.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record HiResCam(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "hires-cam",
          Approach.WHITE_BOX,
          "the same, by the product of activation and gradient in each cell",
          "a layer's activations times gradients",
          "Draelos & Carin 2020",
          "1.5 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(),
          settings -> new HiResCam(settings.layers()));

  /** At the layer that Whybox chooses. */
  public HiResCam() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public HiResCam {
    layers = List.copyOf(layers);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public HiResCam withLayers(List<String> others) {
    return new HiResCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    int positions = activations.length / channels;
    double[] sums = new double[positions];
    for (int i = 0; i < activations.length; i++) {
      sums[i % positions] += (double) gradients[i] * activations[i];
    }
    return Channels.positive(sums);
  }
}
