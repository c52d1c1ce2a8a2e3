// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the layers with learned weights. One convolution at a detector's end does not count: it
 * computes the mean over the bins of a box side, and its weights are 0, 1, 2, ….
 */
final class LearnedLayers {
  private static final Set<String> OPERATORS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private LearnedLayers() {}

  /** The learned layers, in the file's order. */
  static List<NodeProto> of(OnnxGraph graph) {
    List<NodeProto> result = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (OPERATORS.contains(node.getOpType())) {
        TensorData weights = graph.weights(node.getInput(1));
        if (weights != null && weights.shape().length > 1 && !isBinMean(node, weights)) {
          result.add(node);
        }
      }
    }
    return result;
  }

  private static boolean isBinMean(NodeProto node, TensorData weights) {
    boolean counts = node.getOpType().equals("Conv") && weights.shape()[0] == 1;
    for (int i = 0; i < weights.values().length && counts; i++) {
      counts = weights.values()[i] == i;
    }
    return counts;
  }
}
