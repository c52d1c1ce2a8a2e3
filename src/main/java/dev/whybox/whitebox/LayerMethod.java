// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.whitebox.GradientPlan.Painter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A method of the Grad-CAM family: the activations of a layer, weighted by the gradients of the
 * target's logit there. What speaks against the target is cut off. Of several layers, each one's
 * map is scaled to a maximum of 1, and the map is their mean.
 *
 * <p>The layers' activations may be below zero, as SiLU gives them; the papers have ReLU in mind.
 */
public interface LayerMethod extends WhiteBox {

  /**
   * At which layers.
   *
   * @return tensors' names or layers such as {@code model.15}; empty for Whybox's own choice
   */
  List<String> layers();

  /**
   * The same method at other layers.
   *
   * @param others tensors' names or layers such as {@code model.15}; a target that depends on only
   *     some of them is explained by those
   * @return a changed copy
   */
  LayerMethod withLayers(List<String> others);

  /**
   * The method's formula.
   *
   * @param activations {@code channels × positions} values of the layer
   * @param gradients the gradient of the target's logit at each of them
   * @param channels how many channels
   * @return a value a position, none below 0
   */
  float[] map(float[] activations, float[] gradients, int channels);

  @Override
  default Map<String, Object> parameters() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("layers", layers().isEmpty() ? "default" : String.join(",", layers()));
    return map;
  }

  @Override
  default GradientPlan plan(GradientSetting setting) {
    Pixels pixels = setting.pixels();
    List<LayerEstimator> estimators =
        setting.layers().stream().map(shapes -> new LayerEstimator(this, pixels, shapes)).toList();
    return new GradientPlan(Painter.still(setting.planes()), 1, 1, estimators);
  }
}
