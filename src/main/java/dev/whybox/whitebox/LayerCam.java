// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * LayerCAM: Jiang, Zhang, Hou, Cheng, Wei, "LayerCAM: exploring hierarchical class activation maps
 * for localization" (IEEE TIP 2021). As {@link HiResCam}, but only positive gradients count.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record LayerCam(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "layer-cam",
          Approach.WHITE_BOX,
          "which cells of a layer speak for the box, each cell by its own gradient",
          "a layer's cells, each by its own gradient",
          "Jiang et al. 2021",
          "1.5 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(),
          settings -> new LayerCam(settings.layers()));

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
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public LayerCam withLayers(List<String> others) {
    return new LayerCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    int positions = activations.length / channels;
    double[] sums = new double[positions];
    for (int from = 0; from < activations.length; from += positions) {
      for (int p = 0; p < positions; p++) {
        sums[p] += (double) Math.max(gradients[from + p], 0) * activations[from + p];
      }
    }
    return Channels.positive(sums);
  }
}
