// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.SharedFiles;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.graph.gradient.Gradient;
import dev.whybox.graph.gradient.GradientGraph;
import dev.whybox.graph.gradient.OrtRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rewrites that change numbers: half precision and random weights. */
class PrecisionAndWeightsTest {

  private static OnnxGraph yolo11() {
    return new OnnxGraph(OrtRun.read(SharedFiles.require("models/yolo11n-320.onnx").path()));
  }

  private static float[] chelsea() {
    return floats(SharedFiles.require("reference/yolo11n-320.gradient.npz").array("input.npy"));
  }

  private static float[] floats(double[] values) {
    float[] image = new float[values.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) values[i];
    }
    return image;
  }

  private static float[] run(ModelProto model, float[] image) {
    try (OrtRun run = new OrtRun(model)) {
      return run.run(Map.of("images", image), Map.of("images", new long[] {1, 3, 320, 320}))
          .get("output0");
    }
  }

  @Test
  void halfPrecisionKeepsBoxesAndScores() {
    OnnxGraph graph = yolo11();
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    ModelProto half = HalfPrecision.of(graph, shapes);
    assertEquals(graph.model().getGraph().getInput(0), half.getGraph().getInput(0));
    assertEquals(graph.model().getGraph().getOutput(0), half.getGraph().getOutput(0));
    OnnxGraph rewritten = new OnnxGraph(half);
    GraphShapes types = GraphShapes.of(rewritten, 0, 0);
    int convolutions = 0;
    for (NodeProto node : rewritten.nodes()) {
      boolean full = types.type(node.getOutput(0)) == DataType.FLOAT;
      if (node.getOpType().equals("Softmax") || node.getOutput(0).startsWith("/model.23/Mul_2")) {
        assertTrue(full, node.getName());
      }
      if (node.getOpType().equals("Conv") && !node.getOutput(0).contains("/dfl/")) {
        assertFalse(full, node.getName());
        convolutions++;
      }
    }
    assertEquals(87, convolutions);
    float[] expected = run(graph.model(), chelsea());
    float[] found = run(half, chelsea());
    int anchor = 2043;
    for (int row = 0; row < 84; row++) {
      float tolerance = row < 4 ? 2 : 0.01f;
      assertEquals(expected[row * 2100 + anchor], found[row * 2100 + anchor], tolerance, "" + row);
    }
    assertTrue(found[(4 + 15) * 2100 + anchor] > 0.9, "the cat is still seen");
    assertTrue(half.getSerializedSize() < 0.55 * graph.model().getSerializedSize());
  }

  /**
   * The gradient in half precision gives the same picture as the automatic differentiation of
   * another framework in float32.
   */
  @ParameterizedTest
  @CsvSource({"yolo11n-320,15,2043", "yolov8n,0,8256"})
  void halfPrecisionCanBeDifferentiated(String name, int cls, int anchor) {
    OnnxGraph full =
        new OnnxGraph(OrtRun.read(SharedFiles.require("models/" + name + ".onnx").path()));
    ModelProto half = HalfPrecision.of(full, GraphShapes.of(full, 0, 0));
    OnnxGraph graph = new OnnxGraph(half);
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    Origin origin = Origin.of(graph, shapes, "output0", 0, 4 + cls, anchor);
    assertTrue(origin.tensor().endsWith("Conv_output_0"), origin.tensor());
    GradientGraph made = Gradient.of(graph, shapes, origin.tensor(), List.of("images"));
    float[] cotangent = new float[(int) Dims.count(origin.shape())];
    cotangent[(int) origin.offset()] = 1;
    SharedFiles reference = SharedFiles.require("reference/" + name + ".gradient.npz");
    float[] found;
    try (OrtRun run = new OrtRun(made.model())) {
      found =
          run.run(
                  Map.of(
                      "images", floats(reference.array("input.npy")), made.cotangent(), cotangent),
                  Map.of("images", shapes.shape("images"), made.cotangent(), origin.shape()))
              .get(made.gradients().get("images"));
    }
    double[] expected = reference.array("gradient.npy");
    double dot = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < found.length; i++) {
      dot += found[i] * expected[i];
      own += (double) found[i] * found[i];
      other += expected[i] * expected[i];
    }
    double cosine = dot / Math.sqrt(own * other);
    assertTrue(cosine > 0.99, "cosine " + cosine);
    assertEquals(1, Math.sqrt(own / other), 0.01);
  }

  @Test
  void aConstantBeyondFloat16StaysInFloat32() {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", -1, 3, 4, 4);
    maker.node("Mul", "a", List.of("images", maker.real(1e6)));
    maker.node("Mul", "b", List.of("a", maker.real(1e-6)));
    maker.node("Conv", "y", List.of("b", maker.weights(2, 3, 1, 1)));
    OnnxGraph graph = new OnnxGraph(maker.output("y", -1, 2, 4, 4).build());
    ModelProto half = HalfPrecision.of(graph, GraphShapes.of(graph, 0, 0));
    GraphShapes types = GraphShapes.of(new OnnxGraph(half), 0, 0);
    assertEquals(DataType.FLOAT, types.type("a"));
    assertEquals(DataType.FLOAT16, types.type("b"));
    assertEquals(DataType.FLOAT, types.type("y"));
    float[] image = new float[48];
    java.util.Arrays.fill(image, 0.75f);
    try (OrtRun first = new OrtRun(graph.model());
        OrtRun second = new OrtRun(half)) {
      Map<String, long[]> shape = Map.of("images", new long[] {1, 3, 4, 4});
      float[] expected = first.run(Map.of("images", image), shape).get("y");
      float[] found = second.run(Map.of("images", image), shape).get("y");
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 0.005);
      }
    }
  }

  @Test
  void forgettingIsSeededAndKeepsMeanAndSpread() {
    OnnxGraph graph = yolo11();
    int all = RandomWeights.layers(graph).size();
    assertEquals(87, all);
    assertEquals(graph.model(), RandomWeights.of(graph, 0, 1));
    ModelProto two = RandomWeights.of(graph, 2, 1);
    ModelProto three = RandomWeights.of(graph, 3, 1);
    assertEquals(two, RandomWeights.of(graph, 2, 1));
    assertNotEquals(two, RandomWeights.of(graph, 2, 2));
    Map<String, TensorProto> before = tensors(graph.model());
    Map<String, TensorProto> less = tensors(two);
    Map<String, TensorProto> more = tensors(three);
    int changed = 0;
    for (String name : before.keySet()) {
      if (!before.get(name).equals(less.get(name))) {
        changed++;
        assertEquals(less.get(name), more.get(name), name);
        double[] old = TensorData.of(before.get(name)).values();
        double[] drawn = TensorData.of(less.get(name)).values();
        assertEquals(mean(old), mean(drawn), 4 * spread(old) / Math.sqrt(old.length), name);
        assertEquals(1, spread(drawn) / spread(old), 4 / Math.sqrt(old.length), name);
      }
    }
    assertEquals(4, changed, "weights and biases of two layers");
    float[] image = chelsea();
    float[] found = run(RandomWeights.of(graph, all, 1), image);
    float[] expected = run(graph.model(), image);
    assertTrue(expected[19 * 2100 + 2043] > 0.9);
    assertTrue(found[19 * 2100 + 2043] < 0.9, "a model that has forgotten all sees no cat");
    BadArgument error = assertThrows(BadArgument.class, () -> RandomWeights.of(graph, all + 1, 1));
    assertTrue(error.getMessage().contains("0 to 87"), error.getMessage());
  }

  private static Map<String, TensorProto> tensors(ModelProto model) {
    Map<String, TensorProto> result = new HashMap<>();
    model.getGraph().getInitializerList().forEach(t -> result.put(t.getName(), t));
    return result;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double spread(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }
}
