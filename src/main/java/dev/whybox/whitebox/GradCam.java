// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import java.util.List;

/**
 * Grad-CAM: Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: visual explanations from
 * deep networks via gradient-based localization" (ICCV 2017). A channel counts as much as its mean
 * gradient.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record GradCam(List<String> layers) implements LayerMethod {

  /** At the layer that Whybox chooses. */
  public GradCam() {
    this(List.of());
  }

  /**
   * Copies the list.
   *
   * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  public GradCam {
    layers = List.copyOf(layers);
  }

  @Override
  public String name() {
    return "grad-cam";
  }

  @Override
  public GradCam withLayers(List<String> others) {
    return new GradCam(others);
  }

  @Override
  public float[] map(float[] activations, float[] gradients, int channels) {
    return Channels.weighted(activations, gradients, channels, GradCam::mean);
  }

  private static double mean(float[] activations, float[] gradients, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += gradients[i];
    }
    return sum / (to - from);
  }
}
