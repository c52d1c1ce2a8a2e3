// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.Caveat;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Eigen-CAM: Muhammad and Yeasin, "Eigen-CAM: class activation map using principal components"
 * (IJCNN 2020). The activations projected on their first right singular vector. It shows what
 * stands out in the layer, whatever the target: targets with the same layers have the same map.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record EigenCam(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "eigen-cam",
          Approach.WHITE_BOX,
          "what stands out in the layer, whatever the target",
          "what stands out in a layer, whatever the target",
          "Muhammad & Yeasin 2020",
          "2.1 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(
              Caveat.always("Eigen-CAM shows what stands out in the layer, whatever the target")),
          settings -> new EigenCam(settings.layers()));

  /** At the layer that Whybox chooses. */
  public EigenCam() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public EigenCam {
    layers = List.copyOf(layers);
  }

  @Override
  public MethodKind kind() {
    return KIND;
  }

  @Override
  public EigenCam withLayers(List<String> others) {
    return new EigenCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    int positions = activations.length / channels;
    double[] direction = Singular.first(activations, channels);
    double[] sums = new double[positions];
    double total = 0;
    for (int i = 0; i < activations.length; i++) {
      double part = direction[i / positions] * activations[i];
      sums[i % positions] += part;
      total += part;
    }
    if (total < 0) {
      for (int p = 0; p < positions; p++) {
        sums[p] = -sums[p]; // The sign of a singular vector is free.
      }
    }
    return Channels.positive(sums);
  }
}
