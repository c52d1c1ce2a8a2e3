// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;
import java.util.Map;

/**
 * A forward and a backward pass in one model. Its inputs are the forward model's and the
 * cotangents; its outputs are the targets' values, the values that were to be shown, and the
 * gradients, in this order, all float32 even where the model is of half precision.
 *
 * <p>Where the batch is free, a cotangent may be one an image, and so may a gradient be. Where
 * {@link Gradient#takesRows} says so, a single image may have any number of cotangents: the forward
 * pass is then run once, and each row of the gradients belongs to a row of the cotangents.
 *
 * @param model the ONNX model, for any engine
 * @param cotangents by which the targets' elements are weighed, one per target
 * @param values by tensor of the forward model, the name of the output with its value; the targets
 *     are the first
 * @param gradients by tensor of the forward model, the name of the output with its gradient
 */
public record GradientGraph(
    ModelProto model,
    List<Cotangent> cotangents,
    Map<String, String> values,
    Map<String, String> gradients) {

  /**
   * What weighs the elements of a target.
   *
   * @param target the forward model's name of the target tensor
   * @param input the name of the cotangent's input
   * @param places null where there is one target. Of several, the name of an input {@code [rows]}:
   *     for each row of the gradients, which row of this cotangent it belongs to, or how many rows
   *     this cotangent has where it belongs to none of them
   * @param shape the sizes of the target and the cotangent; a first size of −1 is a free batch
   */
  public record Cotangent(String target, String input, String places, long[] shape) {}

  /**
   * The cotangent of a graph with one target.
   *
   * @return the name of its input
   */
  public String cotangent() {
    return cotangents.get(0).input();
  }

  /**
   * The only target's sizes.
   *
   * @return an entry an axis; a first size of −1 is a free batch
   */
  public long[] targetShape() {
    return cotangents.get(0).shape();
  }
}
