// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.graph.gradient.OrtRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A batch without a name changes what ONNX Runtime knows in advance, but not the results. */
class UnnamedBatchTest {

  @Test
  void onlyTheBatchIsOpen() {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    ModelProto open = UnnamedBatch.of(maker.node("Sin", "y", List.of("images")).build());
    List<ValueInfoProto> values = new ArrayList<>(open.getGraph().getInputList());
    values.addAll(open.getGraph().getOutputList());
    for (ValueInfoProto value : values) {
      TensorShapeProto shape = value.getType().getTensorType().getShape();
      for (int i = 0; i < shape.getDimCount(); i++) {
        assertEquals(i > 0, shape.getDim(i).hasDimValue(), value.getName());
        assertFalse(shape.getDim(i).hasDimParam());
      }
    }
  }

  @Test
  void resultsStay() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    GradientGraph made = Gradient.of(graph, shapes, "output0", List.of("images"));
    long[] target = made.targetShape();
    target[0] = 2;
    float[] images = new float[2 * 3 * 16 * 16];
    float[] cotangents = new float[(int) (2 * target[1] * target[2])];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * 31 % 101 / 101f;
    }
    for (int i = 0; i < cotangents.length; i++) {
      cotangents[i] = i * 17 % 23 / 23f - 0.4f;
    }
    Map<String, float[]> in = Map.of("images", images, made.cotangent(), cotangents);
    Map<String, long[]> sizes =
        Map.of("images", new long[] {2, 3, 16, 16}, made.cotangent(), target);
    try (OrtRun run = new OrtRun(made.model());
        OrtRun open = new OrtRun(UnnamedBatch.of(made.model()))) {
      Map<String, float[]> expected = run.run(in, sizes);
      Map<String, float[]> found = open.run(in, sizes);
      assertEquals(expected.keySet(), found.keySet());
      expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
    }
  }
}
