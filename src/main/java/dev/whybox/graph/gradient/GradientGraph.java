// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Map;

/**
 * A forward and a backward pass in one model. Its inputs are the forward model's and the cotangent;
 * its outputs are the target's value, the values that were to be shown, and the gradients, in this
 * order, all float32 even where the model is of half precision.
 *
 * @param model the ONNX model, for any engine
 * @param cotangent the name of the cotangent's input; it has the target's shape
 * @param target the forward model's name of the target tensor
 * @param values by tensor of the forward model, the name of the output with its value; the target
 *     is the first
 * @param gradients by tensor of the forward model, the name of the output with its gradient
 * @param targetShape the sizes of the target and the cotangent; a first size of −1 is a free batch
 */
public record GradientGraph(
    ModelProto model,
    String cotangent,
    String target,
    Map<String, String> values,
    Map<String, String> gradients,
    long[] targetShape) {}
