// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.HashMap;
import java.util.Map;

/** Gives a model another input size, if its graph allows it. */
final class InputSize {
  private InputSize() {}

  /**
   * Rewrites a model for another size. Detectors exported for a fixed size hold the anchors of that
   * size as constants and cannot be changed. Classifiers and dynamic exports can.
   *
   * @param model a model with one image input
   * @param height the new height in pixels
   * @param width the new width in pixels
   * @return the model, simplified for that size
   * @throws UnsupportedGraph if the graph's constants fit its old size only
   */
  public static ModelProto of(ModelProto model, int height, int width) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
    Map<String, long[]> inputs = new HashMap<>();
    for (ValueInfoProto input : new OnnxGraph(model).inputs().values()) {
      long[] shape = GraphShapes.declared(input);
      if (shape.length == 4) {
        shape[2] = height;
        shape[3] = width;
      }
      inputs.put(input.getName(), shape);
    }
    OnnxGraph source = new OnnxGraph(model.toBuilder().setGraph(graph).build());
    GraphShapes shapes;
    try {
      shapes = GraphShapes.of(source, inputs);
    } catch (UnsupportedGraph e) {
      throw new UnsupportedGraph(
          "The model can't take images of "
              + height
              + "×"
              + width
              + " (height × width). "
              + e.getMessage()
              + " Export it with dynamic=True, or for this size.");
    }
    for (int i = 0; i < graph.getOutputCount(); i++) {
      String name = graph.getOutput(i).getName();
      if (shapes.knows(name)) {
        graph.setOutput(i, Simplification.sized(graph.getOutput(i), shapes.shape(name)));
      }
    }
    source = new OnnxGraph(model.toBuilder().setGraph(graph).build());
    return Simplification.of(source, shapes);
  }
}
