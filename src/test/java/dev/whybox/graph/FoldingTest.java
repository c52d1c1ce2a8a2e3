// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static dev.whybox.graph.Attributes.of;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.SharedFiles;
import dev.whybox.graph.gradient.OrtRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folded constants and inferred shapes are equal to those that ONNX Runtime computes. */
class FoldingTest {

  private record Case(String name, int opset, Consumer<ModelMaker> graph) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case node(
      String op, int opset, List<TensorData> inputs, AttributeProto... attributes) {
    return new Case(
        op + " of " + inputs.size() + " (" + opset + ")",
        opset,
        m -> m.node(op, "y", inputs.stream().map(m::constant).toList(), attributes));
  }

  private static TensorData longs(long... values) {
    return TensorData.longs(values);
  }

  private static TensorData one(long value) {
    return TensorData.longs(value).reshaped();
  }

  private static TensorData reals(double... values) {
    return TensorData.of(DataType.FLOAT, new long[] {values.length}, values);
  }

  private static TensorData table(DataType type, long... shape) {
    TensorData result = TensorData.filled(type, shape, 0);
    for (int i = 0; i < result.values().length; i++) {
      result.values()[i] = i * 7 % 11 - (type == DataType.UINT8 ? 0 : 4);
    }
    return result;
  }

  static Stream<Case> cases() {
    DataType real = DataType.FLOAT;
    TensorData x = table(real, 2, 3, 4);
    return Stream.of(
        node("Gather", 13, List.of(x, longs(-1, 0)), of("axis", 2)),
        node("Gather", 13, List.of(x, one(1)), of("axis", 1)),
        node("Gather", 13, List.of(x, longs(0, 1, -2, 2).reshaped(2, 2)), of("axis", 1)),
        node("Slice", 13, List.of(x, longs(1, -1), longs(9, 0), longs(1, 2), longs(1, -2))),
        node("Slice", 13, List.of(x, longs(-9), longs(-1), longs(-1))),
        node("Slice", 13, List.of(x, longs(3), longs(1), longs(2))),
        node("Concat", 13, List.of(x, table(real, 2, 1, 4)), of("axis", -2)),
        node("Range", 13, List.of(one(7), one(-3), one(-4))),
        node(
            "Range",
            13,
            List.of(
                TensorData.scalar(real, 0.5),
                TensorData.scalar(real, 2),
                TensorData.scalar(real, 0.4))),
        node("ConstantOfShape", 13, List.of(longs(2, 3))),
        node("Expand", 13, List.of(table(real, 3, 1), longs(2, 1, 4))),
        node("Tile", 13, List.of(x, longs(2, 1, 3))),
        node("Transpose", 13, List.of(x), of("perm", new long[] {1, 2, 0})),
        node("Transpose", 13, List.of(x)),
        node("Reshape", 13, List.of(x, longs(0, -1))),
        node("Flatten", 13, List.of(x), of("axis", 2)),
        node("Unsqueeze", 13, List.of(x, longs(0, -1, 2))),
        node("Unsqueeze", 11, List.of(x), of("axes", new long[] {1, 4})),
        node("Squeeze", 13, List.of(table(real, 1, 3, 1), longs(-1))),
        node("Squeeze", 13, List.of(table(real, 1, 3, 1))),
        node("Squeeze", 11, List.of(table(real, 1, 3, 1)), of("axes", new long[] {0})),
        node("Add", 13, List.of(x, table(real, 3, 1))),
        node("Sub", 13, List.of(table(real, 4), x)),
        node("Div", 13, List.of(longs(-7, 7, -8), longs(2, -2, 3))),
        node("Pow", 13, List.of(reals(1.5, 2, 0.25), reals(2, -1, 0.5))),
        node("Max", 13, List.of(reals(1, 5, 2), reals(4, 3, 3), reals(0, 0, 9))),
        node("Equal", 13, List.of(longs(1, 2, 3), longs(1, 0, 3))),
        node("GreaterOrEqual", 13, List.of(reals(1, 2, 3), reals(2))),
        node(
            "Where",
            13,
            List.of(
                TensorData.of(DataType.BOOL, new long[] {3}, 1, 0, 1),
                table(real, 2, 1),
                x.reshaped(8, 3).view(new long[] {1, 3}, new long[] {3, 1}, 6))),
        node("Cast", 13, List.of(reals(-1.7, 2.9, 0.2)), of("to", DataType.INT64_VALUE)),
        node("Floor", 13, List.of(reals(-1.5, 1.5))),
        node("Ceil", 13, List.of(reals(-1.5, 1.2))),
        node("Round", 13, List.of(reals(0.5, 1.5, -2.5, 2.6))),
        node("Sigmoid", 13, List.of(reals(-3, 0, 4))),
        node("ReduceSum", 13, List.of(x, longs(-1, 0)), of("keepdims", 0)),
        node("ReduceProd", 13, List.of(longs(2, 3, 4)), of("keepdims", 0)),
        node("ReduceMax", 13, List.of(x), of("axes", new long[] {1})),
        node("ReduceMin", 18, List.of(x, longs(0))),
        node(
            "DequantizeLinear",
            13,
            List.of(
                table(DataType.INT8, 2, 3),
                reals(0.5, 0.25, 2),
                TensorData.of(DataType.INT8, new long[] {3}, 1, -2, 0)),
            of("axis", 1)),
        node(
            "DequantizeLinear",
            13,
            List.of(
                table(DataType.UINT8, 2, 3),
                TensorData.scalar(real, 0.5),
                TensorData.scalar(DataType.UINT8, 3))),
        new Case(
            "Shape of a part",
            15,
            m -> m.node("Shape", "y", List.of(m.constant(x)), of("start", 1), of("end", -1))),
        new Case(
            "Split",
            13,
            m ->
                m.node(
                    "Split",
                    List.of("a", "y"),
                    List.of(m.constant(x), m.longs(3, 1)),
                    of("axis", -1))),
        new Case(
            "Split unevenly",
            18,
            m ->
                m.node(
                    "Split",
                    List.of("a", "y"),
                    List.of(m.constant(x)),
                    of("axis", 1),
                    of("num_outputs", 2))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void foldsAsOnnxRuntimeComputes(Case made) {
    ModelMaker maker = new ModelMaker(made.opset(), DataType.FLOAT);
    made.graph().accept(maker);
    OnnxGraph graph = new OnnxGraph(maker.build());
    TensorData found = GraphShapes.of(graph, Map.of()).constant("y");
    assertNotNull(found, "not folded");
    maker.node("Cast", "real", List.of("y"), of("to", 1)).output("real", found.shape());
    try (OrtRun run = new OrtRun(maker.build())) {
      float[] expected = run.run(Map.of(), Map.of()).get("real");
      assertEquals(expected.length, found.values().length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found.values()[i], 1e-6 * Math.abs(expected[i]), "value " + i);
      }
    }
  }

  @Test
  void everyTensorHasTheSizeThatItIsSaidToHave() {
    OnnxGraph graph =
        new OnnxGraph(OrtRun.read(SharedFiles.require("models/yolo11n-320.onnx").path()));
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    List<String> tensors = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      tensors.addAll(node.getOutputList());
    }
    assertTrue(tensors.size() > 300);
    try (OrtRun run = new OrtRun(InnerOutputs.only(graph, shapes, tensors))) {
      float[] image = new float[3 * 320 * 320];
      Map<String, float[]> found =
          run.run(Map.of("images", image), Map.of("images", new long[] {1, 3, 320, 320}));
      for (String tensor : tensors) {
        assertEquals(Dims.count(shapes.shape(tensor)), found.get(tensor).length, tensor);
      }
    }
    assertArrayEquals(
        new long[] {1, 2, 100, 100}, shapes.shape("/model.10/m/m.0/attn/MatMul_output_0"));
  }
}
