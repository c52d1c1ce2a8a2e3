// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Optional;
import java.util.Set;

/**
 * Finds where a quantised model stores its first output in steps that are too coarse for
 * probabilities. Boxes reach to hundreds of pixels, so where they share a scale with the scores, a
 * step is larger than 1, and all scores become 0.
 *
 * @param tensor the tensor that is rounded
 * @param step the distance of the numbers that it can hold
 */
public record CoarseOutput(String tensor, double step) {
  private static final double COARSE = 0.05;

  private static final Set<String> MOVES =
      Set.of("DequantizeLinear", "Concat", "Transpose", "Reshape", "Identity", "Slice", "Cast");

  /**
   * Looks at a model.
   *
   * @param file an ONNX file that {@link OnnxFile#read} accepts
   * @return empty where the first output is not rounded so coarsely
   */
  public static Optional<CoarseOutput> of(byte[] file) {
    ModelProto model = OnnxFile.read(file, "model");
    OnnxGraph graph = new OnnxGraph(model);
    String tensor = model.getGraph().getOutput(0).getName();
    NodeProto maker = graph.producer(tensor);
    while (maker != null && MOVES.contains(maker.getOpType())) {
      tensor = maker.getInput(0);
      maker = graph.producer(tensor);
    }
    if (maker == null || !maker.getOpType().equals("QuantizeLinear")) {
      return Optional.empty();
    }
    TensorData scale = graph.weights(maker.getInput(1));
    boolean coarse = scale != null && scale.values().length == 1 && scale.values()[0] > COARSE;
    return coarse
        ? Optional.of(new CoarseOutput(maker.getInput(0), scale.values()[0]))
        : Optional.empty();
  }
}
