// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a half-precision model float32 inputs and outputs by adding Cast nodes. The names of inputs
 * and outputs stay, so callers see no difference.
 */
public final class FloatInterface {
  private static final String SUFFIX = "_half";

  private FloatInterface() {}

  /**
   * Whether the model has float16 inputs or outputs.
   *
   * @param model any model
   * @return true where {@link #of} would change it
   */
  public static boolean needed(ModelProto model) {
    return model.getGraph().getInputList().stream().anyMatch(FloatInterface::isHalf)
        || model.getGraph().getOutputList().stream().anyMatch(FloatInterface::isHalf);
  }

  /**
   * Rewrites a model.
   *
   * @param model any model
   * @return a copy with float32 inputs and outputs
   */
  public static ModelProto of(ModelProto model) {
    GraphProto graph = model.getGraph();
    Map<String, String> renamed = new HashMap<>();
    GraphProto.Builder result =
        graph.toBuilder().clearNode().clearInput().clearOutput().clearValueInfo();
    for (ValueInfoProto input : graph.getInputList()) {
      result.addInput(isHalf(input) ? asFloat(input) : input);
      if (isHalf(input)) {
        renamed.put(input.getName(), input.getName() + SUFFIX);
        result.addNode(
            cast(input.getName(), input.getName() + SUFFIX, TensorProto.DataType.FLOAT16));
      }
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      result.addOutput(isHalf(output) ? asFloat(output) : output);
      if (isHalf(output)) {
        renamed.put(output.getName(), output.getName() + SUFFIX);
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
      node.getInputList().forEach(name -> copy.addInput(renamed.getOrDefault(name, name)));
      node.getOutputList().forEach(name -> copy.addOutput(renamed.getOrDefault(name, name)));
      result.addNode(copy);
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      if (isHalf(output)) {
        result.addNode(
            cast(output.getName() + SUFFIX, output.getName(), TensorProto.DataType.FLOAT));
      }
    }
    return model.toBuilder().setGraph(result).build();
  }

  private static boolean isHalf(ValueInfoProto value) {
    return value.getType().getTensorType().getElemType() == TensorProto.DataType.FLOAT16_VALUE;
  }

  private static ValueInfoProto asFloat(ValueInfoProto value) {
    TypeProto.Tensor tensor =
        value.getType().getTensorType().toBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .build();
    return value.toBuilder().setType(value.getType().toBuilder().setTensorType(tensor)).build();
  }

  private static NodeProto cast(String from, String to, TensorProto.DataType type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .setName("whybox_cast_" + to)
        .addInput(from)
        .addOutput(to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()))
        .build();
  }
}
