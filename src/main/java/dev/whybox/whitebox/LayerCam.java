// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.List;

/**
 * LayerCAM: Jiang, Zhang, Hou, Cheng, Wei, "LayerCAM: exploring hierarchical class activation maps
 * for localization" (IEEE TIP 2021). As {@link HiResCam}, but only positive gradients count.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record LayerCam(List<String> layers) implements LayerMethod {

  /** At the layer that Whybox chooses. */
  public LayerCam() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public LayerCam {
    layers = List.copyOf(layers);
  }

  @Override
  public String name() {
    return "layer-cam";
  }

  @Override
  public LayerCam withLayers(List<String> others) {
    return new LayerCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    int positions = activations.length / channels;
    double[] sums = new double[positions];
    for (int i = 0; i < activations.length; i++) {
      sums[i % positions] += (double) Math.max(gradients[i], 0) * activations[i];
    }
    return Channels.positive(sums);
  }
}
