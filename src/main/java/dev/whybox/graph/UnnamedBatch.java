// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * Makes the batch of a graph's inputs and outputs an unknown size without a name.
 *
 * <p>This saves memory in graphs with a forward and a backward pass. When ONNX Runtime loads a
 * model, it plans which tensor reuses the memory of an earlier tensor of the same size, and
 * reserves that memory until then. In a backward pass the later tensor comes very late, so much of
 * the memory of the first maps stays reserved and unused. ONNX Runtime does not plan with sizes
 * that are unknown and have no name: it then frees and allocates memory during the run. For yolov8n
 * and an image of 640 pixels this needs a quarter less memory. For one logit it costs 6 % more
 * time, since ONNX Runtime then does not fuse the sums of gradients into the convolutions.
 */
public final class UnnamedBatch {
  private UnnamedBatch() {}

  /**
   * Rewrites a model.
   *
   * @param model a model whose inputs and outputs have the batch as their first axis, of any size
   * @return a copy that computes the same
   */
  public static ModelProto of(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
    for (int i = 0; i < graph.getInputCount(); i++) {
      graph.setInput(i, open(graph.getInput(i)));
    }
    for (int i = 0; i < graph.getOutputCount(); i++) {
      graph.setOutput(i, open(graph.getOutput(i)));
    }
    return model.toBuilder().setGraph(graph).build();
  }

  private static ValueInfoProto open(ValueInfoProto value) {
    ValueInfoProto.Builder copy = value.toBuilder();
    if (copy.getType().getTensorType().getShape().getDimCount() > 0) {
      copy.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilder(0).clearValue();
    }
    return copy.build();
  }
}
