// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a float32 model to compute in float16 where that is safe. The precision then is a
 * property of the graph, as strongly typed engines require.
 *
 * <p>These stay float32: inputs and outputs; each Softmax; everything after the last learned layer
 * of each path (boxes are computed in pixels there, and float16 has steps of half a pixel at 640);
 * operators without float16; and operators with a constant beyond the range of float16. Where the
 * precision changes, there is one Cast per tensor.
 */
public final class HalfPrecision {
  private static final double MAX_HALF = 65504;

  private static final Set<String> FULL =
      Set.of(
          "Softmax",
          "Cast",
          "Range",
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "NonMaxSuppression");

  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final Set<String> halves = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private final GraphProto.Builder result;

  private HalfPrecision(OnnxGraph graph, GraphShapes shapes) {
    this.graph = graph;
    this.shapes = shapes;
    this.result = graph.model().getGraph().toBuilder().clearNode().clearValueInfo();
  }

  /**
   * Rewrites a model.
   *
   * @param graph a float32 graph
   * @param shapes its shapes
   * @return a model with the same inputs and outputs
   */
  public static ModelProto of(OnnxGraph graph, GraphShapes shapes) {
    return Simplification.pruned(new HalfPrecision(graph, shapes).rewritten());
  }

  private ModelProto rewritten() {
    Set<NodeProto> full = fullNodes();
    Set<String> outputs = new HashSet<>();
    for (ValueInfoProto output : graph.model().getGraph().getOutputList()) {
      outputs.add(output.getName());
    }
    for (NodeProto node : graph.nodes()) {
      boolean half = !full.contains(node);
      NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
      for (int i = 0; i < node.getInputCount(); i++) {
        // Resize always takes scales and region of interest as float32.
        boolean parameter = node.getOpType().equals("Resize") && i > 0;
        copy.addInput(parameter ? node.getInput(i) : input(node.getInput(i), half));
      }
      List<String> shown = new ArrayList<>();
      for (String output : node.getOutputList()) {
        boolean real = !output.isEmpty() && isReal(output);
        boolean hidden = half && real && outputs.contains(output);
        copy.addOutput(hidden ? output + "/half" : output);
        if (hidden) {
          done.add(output + "/half");
          shown.add(output);
        } else if (half && real) {
          halves.add(output);
        }
      }
      result.addNode(copy);
      shown.forEach(output -> result.addNode(cast(output + "/half", output, DataType.FLOAT)));
    }
    return graph.model().toBuilder().setGraph(result).build();
  }

  private boolean isReal(String tensor) {
    return shapes.knows(tensor) && shapes.type(tensor) == DataType.FLOAT;
  }

  /** The name of a tensor in a precision; adds a Cast if there is none yet. */
  private String input(String tensor, boolean half) {
    if (tensor.isEmpty() || !isReal(tensor) || half == halves.contains(tensor)) {
      return tensor;
    }
    String name = tensor + (half ? "/half" : "/float");
    if (done.add(name)) {
      if (half && graph.initializer(tensor) != null) {
        TensorData value = TensorData.of(graph.initializer(tensor));
        result.addInitializer(ConstantFolder.cast(value, DataType.FLOAT16).toProto(name));
      } else {
        result.addNode(cast(tensor, name, half ? DataType.FLOAT16 : DataType.FLOAT));
      }
    }
    return name;
  }

  private static NodeProto cast(String from, String to, DataType type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .setName(to + "/cast")
        .addInput(from)
        .addOutput(to)
        .addAttribute(Attributes.of("to", type.getNumber()))
        .build();
  }

  private Set<NodeProto> fullNodes() {
    Set<String> learned = new HashSet<>();
    LearnedLayers.of(graph).forEach(n -> learned.add(n.getOutput(0)));
    Set<String> beforeLearned = graph.ancestors(learned);
    Map<NodeProto, Boolean> full = new HashMap<>();
    for (NodeProto node : graph.nodes()) {
      boolean tail = node.getOutputList().stream().noneMatch(beforeLearned::contains);
      boolean data = false;
      boolean large = false;
      for (String input : node.getInputList()) {
        boolean real = !input.isEmpty() && isReal(input);
        data |= real && !shapes.isConstant(input);
        large |= real && shapes.isConstant(input) && isLarge(shapes.constant(input));
      }
      full.put(node, tail || large || !data || FULL.contains(node.getOpType()));
    }
    full.values().removeIf(value -> !value);
    return full.keySet();
  }

  private static boolean isLarge(TensorData constant) {
    for (double value : constant.values()) {
      if (Math.abs(value) > MAX_HALF) {
        return true;
      }
    }
    return false;
  }
}
