// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what a model decides from, where the model itself picks the best candidates: the scores of
 * all classes and the boxes before the operator that picks. Only these move smoothly with the
 * picture, and only these have a gradient.
 *
 * @param scores tensors of which one may be the scores of all candidates
 * @param boxes tensors of which one may be the boxes of all candidates
 * @param picks the operator that picks, such as TopK; null where there is none
 * @param suppresses whether the model has non-maximum suppression inside
 */
record Cut(List<String> scores, List<String> boxes, String picks, boolean suppresses) {
  private static final String SUPPRESSION = "NonMaxSuppression";
  private static final Set<String> PICKS = Set.of("TopK", "ArgMax", SUPPRESSION);

  /** Operators with weights: the model goes on after them. */
  private static final Set<String> LEARNED =
      Set.of("Conv", "ConvInteger", "QLinearConv", "MatMul", "MatMulInteger", "Gemm", "Softmax");

  private static final Set<String> MOVES =
      Set.of("ReduceMax", "Reshape", "Flatten", "Identity", "Squeeze", "Unsqueeze", "Cast");

  private static final Set<String> GATHERS = Set.of("Gather", "GatherElements", "GatherND");

  static Cut of(OnnxGraph graph) {
    boolean suppresses =
        graph.nodes().stream().anyMatch(node -> node.getOpType().equals(SUPPRESSION));
    for (NodeProto node : graph.nodes()) {
      String op = node.getOpType();
      if (PICKS.contains(op) && last(graph, node)) {
        List<String> scores =
            switch (op) {
              case "TopK" -> List.of(before(graph, node.getInput(0)));
              case "ArgMax" -> List.of(node.getInput(0));
              default -> List.of(node.getInput(1));
            };
        List<String> boxes =
            switch (op) {
              case "TopK" -> data(graph, node);
              case "ArgMax" -> beside(graph, node.getInput(0));
              default -> List.of(node.getInput(0));
            };
        return new Cut(scores, boxes, op, suppresses);
      }
    }
    return new Cut(List.of(), List.of(), null, false);
  }

  /** The tensors that depend on a node's outputs. */
  private static Set<String> after(OnnxGraph graph, NodeProto start) {
    Set<String> result = new HashSet<>(start.getOutputList());
    for (NodeProto node : graph.nodes()) {
      if (node.getInputList().stream().anyMatch(result::contains)) {
        result.addAll(node.getOutputList());
      }
    }
    return result;
  }

  /** Whether nothing is computed with weights behind a node. */
  private static boolean last(OnnxGraph graph, NodeProto start) {
    Set<String> after = after(graph, start);
    return graph.nodes().stream()
        .filter(node -> LEARNED.contains(node.getOpType()))
        .noneMatch(node -> node.getInputList().stream().anyMatch(after::contains));
  }

  /** The tensor whose numbers arrive here, before they were moved or the best class was taken. */
  private static String before(OnnxGraph graph, String tensor) {
    NodeProto maker = graph.producer(tensor);
    while (maker != null && MOVES.contains(maker.getOpType())) {
      tensor = maker.getInput(0);
      maker = graph.producer(tensor);
    }
    return tensor;
  }

  /** What is cut from the same tensor. */
  private static List<String> beside(OnnxGraph graph, String tensor) {
    NodeProto maker = graph.producer(tensor);
    List<String> found = new ArrayList<>();
    if (maker != null && maker.getOpType().equals("Split")) {
      found.addAll(maker.getOutputList());
    } else if (maker != null && maker.getOpType().equals("Slice")) {
      for (NodeProto reader : graph.consumers(maker.getInput(0))) {
        if (reader.getOpType().equals("Slice")) {
          found.add(reader.getOutput(0));
        }
      }
    }
    found.remove(tensor);
    return found;
  }

  /** What is gathered at the places that a node picked, and does not depend on it itself. */
  private static List<String> data(OnnxGraph graph, NodeProto pick) {
    Set<String> after = after(graph, pick);
    List<String> found = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (GATHERS.contains(node.getOpType())
          && after.contains(node.getInput(1))
          && !after.contains(node.getInput(0))
          && graph.producer(node.getInput(0)) != null
          && !found.contains(node.getInput(0))) {
        found.add(node.getInput(0));
      }
    }
    return found;
  }
}
