// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Approach;
import dev.whybox.explain.MapUnit;
import dev.whybox.explain.MethodKind;
import dev.whybox.explain.MethodOption;
import java.util.List;
import java.util.Set;

/**
 * Grad-CAM: Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: visual explanations from
 * deep networks via gradient-based localization" (ICCV 2017). A channel counts as much as its mean
 * gradient.
 *
 * @param layers tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
 */
public record GradCam(List<String> layers) implements LayerMethod {

  /** Its row in the table of methods. */
  public static final MethodKind KIND =
      new MethodKind(
          "grad-cam",
          Approach.WHITE_BOX,
          "the same, by the mean gradient of each channel",
          "a layer's channels, by their mean gradients",
          "Selvaraju et al. 2017",
          "1.5 per target",
          false,
          MapUnit.ACTIVATION,
          Set.of(MethodOption.SAMPLES, MethodOption.DEADLINE, MethodOption.LAYER),
          List.of(),
          settings -> new GradCam(settings.layers()));

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
  public MethodKind kind() {
    return KIND;
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
