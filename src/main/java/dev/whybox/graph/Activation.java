// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.ActivationFunction.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An activation function in a graph: a single operator, or the pair of operators that exports write
 * for SiLU and HardSwish, x · gate(x).
 *
 * @param layer the layer it belongs to, such as {@code model.4/m.0/cv1}; the output's name if the
 *     graph has no paths
 * @param function the function
 * @param input the name of the tensor that it reads
 * @param output the name of the tensor that it makes
 */
public record Activation(String layer, ActivationFunction function, String input, String output) {

  /**
   * Finds all activation functions of a graph.
   *
   * @param graph the graph
   * @param shapes its shapes
   * @return the functions, in the file's order; those of constants or of tensors with unknown sizes
   *     are left out
   */
  public static List<Activation> of(OnnxGraph graph, GraphShapes shapes) {
    Set<String> inside = new HashSet<>();
    List<Activation> pairs = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      Activation pair = pair(node, graph, inside);
      if (pair != null) {
        pairs.add(pair);
      }
    }
    List<Activation> result = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (node.getOutputCount() == 0) {
        continue;
      }
      String output = node.getOutput(0);
      Activation found =
          pairs.stream().filter(p -> p.output.equals(output)).findFirst().orElse(null);
      if (found == null && !inside.contains(output)) {
        ActivationFunction function = single(node, graph);
        found =
            function == null
                ? null
                : new Activation(place(node), function, node.getInput(0), output);
      }
      if (found != null && measurable(found, shapes)) {
        result.add(found);
      }
    }
    return List.copyOf(result);
  }

  private static boolean measurable(Activation found, GraphShapes shapes) {
    return shapes.knows(found.input)
        && shapes.knows(found.output)
        && GraphShapes.isReal(shapes.type(found.input))
        && !shapes.isConstant(found.output)
        && shapes.shape(found.output).length > 1;
  }

  /** Recognises x · gate(x), if no other node reads the gate. */
  private static Activation pair(NodeProto node, OnnxGraph graph, Set<String> inside) {
    if (!node.getOpType().equals("Mul")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      NodeProto gate = graph.producer(node.getInput(i));
      String x = node.getInput(1 - i);
      if (gate == null || gate.getInputCount() == 0 || !gate.getInput(0).equals(x)) {
        continue;
      }
      Kind kind =
          switch (gate.getOpType()) {
            case "Sigmoid" -> Kind.SILU;
            case "HardSigmoid" -> isThirds(gate) ? Kind.HARD_SWISH : null;
            default -> null;
          };
      if (kind != null && graph.consumers(gate.getOutput(0)).size() == 1) {
        inside.add(gate.getOutput(0));
        return new Activation(place(node), ActivationFunction.of(kind), x, node.getOutput(0));
      }
    }
    return null;
  }

  /** Whether a HardSigmoid has the slope 1/6 of HardSwish. */
  private static boolean isThirds(NodeProto node) {
    Attributes attributes = new Attributes(node);
    return Math.abs(attributes.real("alpha", 0.2) - 1 / 6.0) < 1e-6
        && attributes.real("beta", 0.5) == 0.5;
  }

  private static ActivationFunction single(NodeProto node, OnnxGraph graph) {
    Attributes attributes = new Attributes(node);
    return switch (node.getOpType()) {
      case "Relu" -> ActivationFunction.of(Kind.RELU);
      case "LeakyRelu" -> ActivationFunction.leakyRelu(attributes.real("alpha", 0.01));
      case "HardSwish" -> ActivationFunction.of(Kind.HARD_SWISH);
      case "HardSigmoid" ->
          ActivationFunction.hardSigmoid(
              attributes.real("alpha", 0.2), attributes.real("beta", 0.5));
      case "Sigmoid" -> ActivationFunction.of(Kind.SIGMOID);
      case "Tanh" -> ActivationFunction.of(Kind.TANH);
      case "Clip" -> clip(node, graph);
      default -> null;
    };
  }

  /** ReLU6 and similar functions; a Clip from 0 without an upper bound is a ReLU. */
  private static ActivationFunction clip(NodeProto node, OnnxGraph graph) {
    Attributes attributes = new Attributes(node);
    double low = bound(node, graph, 1, attributes.real("min", Double.NEGATIVE_INFINITY));
    double high = bound(node, graph, 2, attributes.real("max", Double.POSITIVE_INFINITY));
    return Double.isNaN(low) || Double.isNaN(high) || !(low < high)
        ? null
        : ActivationFunction.clip(low, high);
  }

  private static double bound(NodeProto node, OnnxGraph graph, int input, double otherwise) {
    if (node.getInputCount() <= input || node.getInput(input).isEmpty()) {
      return otherwise;
    }
    TensorData value = graph.weights(node.getInput(input));
    return value == null || value.values().length != 1 ? Double.NaN : value.values()[0];
  }

  /** The path of the layer, without the activation's own part. */
  private static String place(NodeProto node) {
    String output = node.getOutput(0);
    String path = node.getName().contains("model.") ? node.getName() : output;
    int start = path.indexOf("model.");
    int end = path.lastIndexOf('/');
    if (start < 0 || end <= start) {
      return output;
    }
    String inner = path.substring(start, end);
    return inner.endsWith("/act") ? inner.substring(0, inner.length() - 4) : inner;
  }
}
