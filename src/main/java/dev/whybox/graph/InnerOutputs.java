// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Adds tensors inside a model to its outputs, or makes them the only outputs. */
public final class InnerOutputs {
  private InnerOutputs() {}

  /**
   * Adds outputs after the model's own.
   *
   * @param graph the graph
   * @param shapes its shapes, for the outputs' declarations
   * @param tensors names of tensors
   * @return a changed copy
   * @throws BadArgument if there is no such tensor
   */
  public static ModelProto added(OnnxGraph graph, GraphShapes shapes, List<String> tensors) {
    return with(graph, shapes, graph.model().getGraph().toBuilder(), tensors);
  }

  /**
   * Reduces the model to the nodes that these tensors need.
   *
   * @param graph the graph
   * @param shapes its shapes, for the outputs' declarations
   * @param tensors names of tensors
   * @return a smaller copy whose outputs are these, in this order
   * @throws BadArgument if there is no such tensor
   */
  public static ModelProto only(OnnxGraph graph, GraphShapes shapes, List<String> tensors) {
    GraphProto.Builder result = graph.model().getGraph().toBuilder().clearOutput();
    return Simplification.pruned(with(graph, shapes, result, tensors));
  }

  private static ModelProto with(
      OnnxGraph graph, GraphShapes shapes, GraphProto.Builder result, List<String> tensors) {
    Set<String> there = new HashSet<>();
    result.getOutputList().forEach(o -> there.add(o.getName()));
    for (String tensor : tensors) {
      if (there.add(graph.require(tensor))) {
        result.addOutput(declared(tensor, shapes));
      }
    }
    return graph.model().toBuilder().setGraph(result).build();
  }

  /**
   * Declares a tensor as an output.
   *
   * @param tensor its name
   * @param shapes the graph's shapes
   * @return a declaration with its type and sizes
   */
  public static ValueInfoProto declared(String tensor, GraphShapes shapes) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(tensor);
    value.setType(
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(shapes.type(tensor).getNumber())));
    return Simplification.sized(value.build(), shapes.shape(tensor));
  }
}
