// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way back through a graph: gradients so far, and the nodes that compute them.
 *
 * <p>Of several targets each has a batch of cotangents of its own, and as long as nothing but one
 * target's gradients come together, they have that target's rows alone: a head is gone back through
 * with the rows that need it. Where gradients of two targets meet, both are put in place among the
 * rows of all.
 */
final class Tape extends NodeWriter {
  /** Stands for the rows of all targets. */
  private static final int ALL = -1;

  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final Set<String> active;
  private final Set<String> asked;
  private final boolean guided;
  private final Map<String, Part> gradients = new HashMap<>();

  /** Of each target, which of its rows a row of all is; whole numbers. Empty for one target. */
  private final List<String> places = new ArrayList<>();

  /** The rows of what the node that is gone back over gives. */
  private int rows = ALL;

  /** A gradient, and the number of the target whose rows it has, or {@link #ALL}. */
  private record Part(String name, int rows) {}

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

  /** The gradient of a tensor, or null: of the rows that are gone back with at present. */
  String gradient(String tensor) {
    Part part = gradients.get(tensor);
    return part == null ? null : part.name;
  }

  /** The gradient of a tensor with the rows of all targets, or null. */
  String wholeGradient(String tensor) {
    Part part = gradients.get(tensor);
    return part == null ? null : placed(tensor, part).name;
  }

  boolean hasGradient(String tensor) {
    return gradients.containsKey(tensor);
  }

  /** Begins at the only target. */
  void begin(String target, String cotangent) {
    rows = ALL;
    give(target, cotangent);
  }

  /**
   * Begins at one of several targets.
   *
   * @param rowPlaces of each row of all, which row of this target it is, or how many rows this
   *     target has where it is none of them: an input of real numbers
   */
  void begin(String target, String cotangent, String rowPlaces) {
    rows = places.size();
    places.add(cast(rowPlaces, DataType.INT64));
    give(target, cotangent);
  }

  void give(String tensor, String gradient) {
    if (!active.contains(tensor)) {
      return;
    }
    Part other = gradients.get(tensor);
    Part own = new Part(gradient, rows);
    if (other != null && other.rows != rows) {
      other = placed(tensor, other);
      own = placed(tensor, own);
    }
    gradients.put(tensor, other == null ? own : new Part(add(other.name, own.name), own.rows));
  }

  /** Rows of one target among those of all; the others are zero, whatever the numbers are. */
  private Part placed(String tensor, Part part) {
    if (part.rows == ALL) {
      return part;
    }
    int rank = shapes.shape(tensor).length;
    String more = pad(part.name, rank, 0, 0, 1, shapes.type(tensor), 0);
    return new Part(
        emit("Gather", List.of(more, places.get(part.rows)), Attributes.of("axis", 0)), ALL);
  }

  /** Brings the gradients of a node's outputs to the same rows. */
  private void align(NodeProto node) {
    List<String> reached =
        node.getOutputList().stream().filter(gradients::containsKey).distinct().toList();
    rows = gradients.get(reached.get(0)).rows;
    if (reached.stream().anyMatch(output -> gradients.get(output).rows != rows)) {
      rows = ALL;
      reached.forEach(output -> gradients.computeIfPresent(output, this::placed));
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
    align(node);
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
