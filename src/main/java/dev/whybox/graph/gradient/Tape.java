// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The way back through a graph: gradients so far, and the nodes that compute them. */
final class Tape extends NodeWriter {
  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final Set<String> active;
  private final Set<String> asked;
  private final boolean guided;
  private final Map<String, String> gradients = new HashMap<>();

  Tape(OnnxGraph graph, GraphShapes shapes, Set<String> active, Set<String> asked, boolean guided) {
    super(graph.opset());
    this.graph = graph;
    this.shapes = shapes;
    this.active = active;
    this.asked = asked;
    this.guided = guided;
  }

  OnnxGraph graph() {
    return graph;
  }

  GraphShapes shapes() {
    return shapes;
  }

  boolean guided() {
    return guided;
  }

  boolean asked(String tensor) {
    return asked.contains(tensor);
  }

  boolean active(String tensor) {
    return active.contains(tensor);
  }

  /** The first input of a node through which the target depends on what is asked for. */
  String active(NodeProto node) {
    return node.getInputList().stream().filter(active::contains).findFirst().orElse("");
  }

  String gradient(String tensor) {
    return gradients.get(tensor);
  }

  boolean hasGradient(String tensor) {
    return gradients.containsKey(tensor);
  }

  void give(String tensor, String gradient) {
    if (active.contains(tensor)) {
      gradients.merge(tensor, gradient, this::add);
    }
  }

  /** Goes back over one node. */
  void back(NodeProto node) {
    boolean reached = node.getOutputList().stream().anyMatch(gradients::containsKey);
    if (!reached || active(node).isEmpty()) {
      return;
    }
    GradientRule rule = GradientRules.of(node);
    if (rule == null) {
      throw blocked(node, active(node), "there is no rule for this operator");
    }
    scope("gradient/" + node.getOutput(0));
    rule.apply(new Step(this, node));
  }

  static NotDifferentiable blocked(NodeProto node, String tensor, String reason) {
    return new NotDifferentiable(
        OnnxGraph.describe(node)
            + " lets no gradient through to its input "
            + tensor
            + ": "
            + reason
            + ". Choose a target before this node or a tensor after it, or use a black-box method"
            + " (shap, lime, d-rise), which needs no gradients.");
  }

  static NotDifferentiable independent(String target, List<String> tensors) {
    return new NotDifferentiable(
        "The target tensor "
            + target
            + " does not depend on "
            + String.join(", ", tensors)
            + ". Choose a target after it, or another tensor.");
  }
}
