// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Rewrites a model of operator set 13 in terms of set 11, like older exports. Sizes and axes become
 * attributes, and Resize gets a region. Softmax ran over all axes from the named one on in set 11,
 * so transpositions around it make its axis the last.
 */
public final class OldModel {
  private static final String REGION = "no region";

  private OldModel() {}

  public static ModelProto of(ModelProto model) {
    Map<String, TensorProto> constants = new HashMap<>();
    model.getGraph().getInitializerList().forEach(t -> constants.put(t.getName(), t));
    GraphShapes shapes = GraphShapes.of(new OnnxGraph(model), 64, 64);
    GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
    for (NodeProto node : model.getGraph().getNodeList()) {
      switch (node.getOpType()) {
        case "Split" -> graph.addNode(attribute(node, "split", constants));
        case "Squeeze", "Unsqueeze", "ReduceSum" ->
            graph.addNode(attribute(node, "axes", constants));
        case "Softmax" -> graph.addAllNode(lastAxis(node, shapes.shape(node.getInput(0)).length));
        case "Resize" -> graph.addNode(node.toBuilder().setInput(1, REGION));
        default -> graph.addNode(node);
      }
    }
    graph.addInitializer(
        TensorData.of(DataType.FLOAT, new long[] {0}, new double[0]).toProto(REGION));
    ModelProto.Builder result = model.toBuilder().setGraph(graph);
    result.getOpsetImportBuilder(0).setVersion(11);
    return Simplification.pruned(result.build());
  }

  /** The second input becomes an attribute. */
  private static NodeProto attribute(
      NodeProto node, String name, Map<String, TensorProto> constants) {
    if (node.getInputCount() < 2) {
      return node;
    }
    long[] values = TensorData.of(constants.get(node.getInput(1))).asLongs();
    return node.toBuilder()
        .clearInput()
        .addInput(node.getInput(0))
        .addAttribute(Attributes.of(name, values))
        .build();
  }

  private static List<NodeProto> lastAxis(NodeProto node, int rank) {
    int axis = Dims.axis(new Attributes(node).integer("axis", -1), rank);
    String x = node.getInput(0);
    String y = node.getOutput(0);
    // The axis and the last one change places, which is its own inverse.
    long[] swap = LongStream.range(0, rank).toArray();
    swap[axis] = rank - 1;
    swap[rank - 1] = axis;
    return List.of(
        transpose(x, y + "/swapped", swap),
        node.toBuilder()
            .setInput(0, y + "/swapped")
            .setOutput(0, y + "/last")
            .clearAttribute()
            .addAttribute(Attributes.of("axis", rank - 1))
            .build(),
        transpose(y + "/last", y, swap));
  }

  private static NodeProto transpose(String from, String to, long[] order) {
    return NodeProto.newBuilder()
        .setOpType("Transpose")
        .setName(to + "/transpose")
        .addInput(from)
        .addOutput(to)
        .addAttribute(Attributes.of("perm", order))
        .build();
  }
}
