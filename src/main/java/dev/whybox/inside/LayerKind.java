// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.OnnxGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Recognises the kind of a layer from its nodes alone. Blocks with equal graphs get one name: a
 * C3k2 without an inner C3k is a C2f.
 */
final class LayerKind {
  private final Map<String, Integer> counts;
  private final List<NodeProto> nodes;
  private final OnnxGraph graph;

  private LayerKind(List<NodeProto> nodes, OnnxGraph graph) {
    this.nodes = nodes;
    this.graph = graph;
    this.counts = counts(nodes);
  }

  /** Counts each operator; constants do not count. */
  static Map<String, Integer> counts(List<NodeProto> nodes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodeProto node : nodes) {
      if (!node.getOpType().equals("Constant")) {
        counts.merge(node.getOpType(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /**
   * A name such as {@code Conv} or {@code SPPF}; if no block is recognised, a list of the
   * operators.
   */
  static String of(List<NodeProto> nodes, OnnxGraph graph, String task) {
    LayerKind kind = new LayerKind(nodes, graph);
    return kind.makesOutput() ? kind.head(task) : kind.block();
  }

  private int count(String operator) {
    return counts.getOrDefault(operator, 0);
  }

  private int convolutions() {
    return count("Conv") + count("ConvInteger");
  }

  private Set<String> outputs() {
    Set<String> made = new HashSet<>();
    nodes.forEach(node -> made.addAll(node.getOutputList()));
    made.retainAll(
        graph.model().getGraph().getOutputList().stream()
            .map(output -> output.getName())
            .collect(Collectors.toSet()));
    return made;
  }

  private boolean makesOutput() {
    return !outputs().isEmpty() && nodes.size() > 1;
  }

  private String head(String task) {
    boolean product = count("Gemm") + count("MatMul") + count("MatMulInteger") > 0;
    if (product && count("GlobalAveragePool") + count("ReduceMean") > 0) {
      return "Classify";
    }
    if (convolutions() == 0 || count("Sigmoid") == 0 || count("Concat") == 0) {
      return block();
    }
    if (count("Cos") > 0 && count("Sin") > 0) {
      return "OBB";
    }
    if (outputs().size() > 1 && count("ConvTranspose") > 0) {
      return "Segment";
    }
    return task.equals("pose") ? "Pose" : "Detect";
  }

  private String block() {
    int convolutions = convolutions();
    int pools = count("MaxPool");
    if (counts.size() == 1 && nodes.size() == 1) {
      return count("Resize") == 1 ? "Upsample" : nodes.get(0).getOpType();
    }
    if (onlyBeside("Resize")) {
      return "Upsample";
    }
    if (onlyBeside("Concat")) {
      return "Concat";
    }
    if (convolutions == 1 && count("Concat") == 0 && pools == 0) {
      return "Conv";
    }
    if (convolutions == 2 && pools == 3 && count("Concat") == 1) {
      return poolsInARow() ? "SPPF" : "SPP";
    }
    boolean parts = count("Split") > 0 || count("Slice") > 1;
    boolean attention = count("Softmax") > 0 && count("MatMul") > 1;
    if (attention && parts && convolutions > 2) {
      return "C2PSA";
    }
    if (pools == 0 && convolutions >= 3 && count("Concat") == 1) {
      return parts && convolutions >= 4 ? "C2f" : parts ? operators() : "C3";
    }
    if (pools == 0 && parts && count("Concat") > 1) {
      return "C3k2";
    }
    return operators();
  }

  /**
   * Whether the layer has one operator and nothing else, apart from the nodes that quantisation
   * adds.
   */
  private boolean onlyBeside(String operator) {
    Set<String> others = new HashSet<>(counts.keySet());
    others.removeAll(
        Set.of(operator, "DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear", "Reshape"));
    return count(operator) == 1 && others.isEmpty();
  }

  private boolean poolsInARow() {
    Set<String> made = new HashSet<>();
    int chained = 0;
    for (NodeProto node : nodes) {
      if (node.getOpType().equals("MaxPool")) {
        chained += made.contains(node.getInput(0)) ? 1 : 0;
        made.add(node.getOutput(0));
      }
    }
    return chained == 2;
  }

  private String operators() {
    return counts.entrySet().stream()
        .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " " + e.getKey())
        .collect(Collectors.joining(", "));
  }
}
