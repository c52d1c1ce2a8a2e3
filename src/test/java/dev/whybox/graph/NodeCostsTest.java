// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static dev.whybox.graph.Attributes.of;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.SharedFiles;
import dev.whybox.graph.gradient.OrtRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeCostsTest {
  private static NodeCosts costs(ModelProto model) {
    OnnxGraph graph = new OnnxGraph(model);
    return new NodeCosts(graph, GraphShapes.of(graph, 0, 0));
  }

  private static long products(ModelProto model) {
    NodeCosts costs = costs(model);
    return model.getGraph().getNodeList().stream().mapToLong(costs::multiplyAccumulates).sum();
  }

  private static ModelMaker maker() {
    return new ModelMaker(17, DataType.FLOAT);
  }

  /** 8 kernels of 3·3·3 weights at 8 × 8 places. */
  private static ModelProto convolution(long batch) {
    ModelMaker m = maker().input("x", batch, 3, 16, 16);
    m.node(
        "Conv",
        "y",
        List.of("x", m.weights(8, 3, 3, 3), m.weights(8)),
        of("strides", new long[] {2, 2}),
        of("pads", new long[] {1, 1, 1, 1}));
    return m.output("y", batch, 8, 8, 8).build();
  }

  @Test
  void convolutionByHand() {
    assertEquals(8 * 27 + 8, costs(convolution(1)).parameters());
    assertEquals(64 * 8 * 27, products(convolution(1)));
  }

  @Test
  void costsAreAnImagesWhateverTheBatch() {
    assertEquals(64 * 8 * 27, products(convolution(4)));
    assertEquals(64 * 8 * 27, products(convolution(-1)));
  }

  @Test
  void groupsReadOnlyTheirOwnChannels() {
    ModelMaker m = maker().input("x", 1, 6, 5, 5);
    m.node("Conv", "y", List.of("x", m.weights(6, 1, 3, 3)), of("group", 6L));
    ModelProto model = m.output("y", 1, 6, 3, 3).build();
    assertEquals(6 * 9, costs(model).parameters());
    assertEquals(9 * 6 * 9, products(model));
  }

  @Test
  void transposedConvolutionSpreadsEveryInput() {
    ModelMaker m = maker().input("x", 1, 4, 5, 5);
    m.node(
        "ConvTranspose",
        "y",
        List.of("x", m.weights(4, 2, 2, 2), m.weights(2)),
        of("strides", new long[] {2, 2}));
    ModelProto model = m.output("y", 1, 2, 10, 10).build();
    assertEquals(4 * 2 * 4 + 2, costs(model).parameters());
    assertEquals(100 * 2 * 4, products(model));
  }

  @Test
  void matrixProductsAndTheirBias() {
    ModelMaker m = maker().input("x", 1, 7);
    m.node("MatMul", "p", List.of("x", m.weights(7, 5)));
    m.node("Add", "y", List.of("p", m.weights(5)));
    m.node("Gemm", "z", List.of("y", m.weights(3, 5), m.weights(3)), of("transB", 1L));
    ModelProto model = m.output("z", 1, 3).build();
    assertEquals(35 + 5 + 15 + 3, costs(model).parameters());
    assertEquals(35 + 15, products(model));
  }

  @Test
  void constantsThatAreNotLearnedDoNotCount() {
    ModelMaker m = maker().input("x", 1, 4, 6, 6);
    String shared = m.weights(4, 4, 1, 1);
    m.node("Conv", "a", List.of("x", shared));
    m.node("Conv", "b", List.of("a", shared));
    String v = m.weightsFrom(1, 4);
    m.node("BatchNormalization", "n", List.of("b", m.weights(4), m.weights(4), v, v));
    m.node("Add", "y", List.of("n", m.weights(1, 4, 6, 6)));
    ModelProto model = m.output("y", 1, 4, 6, 6).build();
    assertEquals(16 + 8, costs(model).parameters(), "shared weights once, scale and shift");
    assertEquals(2 * 36 * 16, products(model), "both runs of the shared weights");
  }

  /** Ultralytics: 3,151,904 parameters (fused) and 8.7 GFLOPs; the pose model 9.2. */
  @Test
  void publishedFigures() {
    ModelProto detect = OrtRun.read(SharedFiles.require("models/yolov8n.onnx").path());
    assertEquals(3_151_904, costs(detect).parameters());
    assertEquals(8.7, 2e-9 * products(detect), 0.05);
    ModelProto pose = OrtRun.read(SharedFiles.require("models/yolov8n-pose.onnx").path());
    assertEquals(9.2, 2e-9 * products(pose), 0.05);
  }

  @Test
  void quantisedWeightsAreTheSameNumber() {
    ModelProto model = OrtRun.read(SharedFiles.require("models/yolov8n-dynamic-int8.onnx").path());
    ModelProto plain = OrtRun.read(SharedFiles.require("models/yolov8n.onnx").path());
    assertEquals(costs(plain).parameters(), costs(model).parameters());
    assertEquals(products(plain), products(model));
  }
}
