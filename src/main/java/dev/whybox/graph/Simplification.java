// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a graph smaller before an engine sees it. Constant nodes, shape arithmetic included, are
 * computed and stored as constants. Nodes that no output needs are removed. Names that remain keep
 * their meaning.
 */
public final class Simplification {
  private Simplification() {}

  /**
   * Simplifies a model for given input sizes.
   *
   * @param graph the graph
   * @param shapes its shapes at these sizes
   * @return a model with the same outputs; a free batch stays free
   */
  public static ModelProto of(OnnxGraph graph, GraphShapes shapes) {
    GraphProto source = graph.model().getGraph();
    Set<String> outputs = new HashSet<>();
    source.getOutputList().forEach(o -> outputs.add(o.getName()));
    GraphProto.Builder result = source.toBuilder().clearNode().clearValueInfo();
    Map<String, TensorProto> folded = new LinkedHashMap<>();
    for (NodeProto node : graph.nodes()) {
      boolean constant =
          node.getOutputList().stream()
              .allMatch(n -> n.isEmpty() || shapes.isConstant(n) && !outputs.contains(n));
      if (constant) {
        continue;
      }
      NodeProto kept = withKnownTarget(node, shapes, folded);
      for (String name : kept.getInputList()) {
        if (!name.isEmpty() && graph.producer(name) != null && shapes.isConstant(name)) {
          folded.computeIfAbsent(name, n -> shapes.constant(n).toProto(n));
        }
      }
      result.addNode(kept);
    }
    result.addAllInitializer(folded.values());
    for (int i = 0; i < result.getInputCount(); i++) {
      long[] shape = shapes.inputs().get(result.getInput(i).getName());
      if (shape != null) {
        result.setInput(i, sized(result.getInput(i), shape));
      }
    }
    return pruned(graph.model().toBuilder().setGraph(result).build());
  }

  /**
   * Gives a Reshape with a computed target a constant one, if all of its sizes except for the batch
   * are known.
   */
  private static NodeProto withKnownTarget(
      NodeProto node, GraphShapes shapes, Map<String, TensorProto> folded) {
    if (!node.getOpType().equals("Reshape")
        || shapes.isConstant(node.getInput(1))
        || !shapes.knows(node.getOutput(0))) {
      return node;
    }
    TensorData target = target(shapes.shape(node.getOutput(0)));
    if (target == null) {
      return node;
    }
    String name = node.getOutput(0) + "/target";
    folded.put(name, target.toProto(name));
    return node.toBuilder().setInput(1, name).build();
  }

  /**
   * The constant that makes a Reshape give a shape.
   *
   * @param shape the shape; −k means k · batch
   * @return the target, with −1 for the size that grows with the batch; null if more than one size
   *     does
   */
  public static TensorData target(long[] shape) {
    long[] values = shape.clone();
    int free = 0;
    for (int i = 0; i < values.length; i++) {
      free += values[i] < 0 ? 1 : 0;
      values[i] = Math.max(-1, values[i]);
    }
    return free > 1 ? null : TensorData.longs(values);
  }

  /** Declares a value with other sizes. A negative first size is named batch. */
  static ValueInfoProto sized(ValueInfoProto value, long[] shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      sizes.addDim(
          size < 0
              ? TensorShapeProto.Dimension.newBuilder().setDimParam(size == -1 ? "batch" : "free")
              : TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    ValueInfoProto.Builder result = value.toBuilder();
    result.getTypeBuilder().getTensorTypeBuilder().setShape(sizes);
    return result.build();
  }

  /**
   * Removes the nodes and constants that no output needs.
   *
   * @param model any model
   * @return a smaller copy
   */
  public static ModelProto pruned(ModelProto model) {
    GraphProto graph = model.getGraph();
    Set<String> needed = new HashSet<>();
    graph.getOutputList().forEach(o -> needed.add(o.getName()));
    List<NodeProto> nodes = graph.getNodeList();
    boolean[] kept = new boolean[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeProto node = nodes.get(i);
      kept[i] = node.getOutputList().stream().anyMatch(needed::contains);
      if (kept[i]) {
        if (OnnxGraph.hasSubgraph(node)) {
          throw new UnsupportedGraph(
              OnnxGraph.describe(node)
                  + " holds a graph of its own (control flow). Only plain graphs can be"
                  + " rewritten. Export the model without control flow (nms=False).");
        }
        needed.addAll(node.getInputList());
      }
    }
    GraphProto.Builder result = graph.toBuilder().clearNode().clearInitializer();
    for (int i = 0; i < kept.length; i++) {
      if (kept[i]) {
        result.addNode(nodes.get(i));
      }
    }
    for (TensorProto tensor : graph.getInitializerList()) {
      if (needed.contains(tensor.getName())) {
        result.addInitializer(tensor);
      }
    }
    return model.toBuilder().setGraph(result).build();
  }
}
