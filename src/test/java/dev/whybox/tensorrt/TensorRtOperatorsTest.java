// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.SharedFiles;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import dev.whybox.graph.gradient.Gradient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TensorRT's parser accepts every operator of every graph that it would get. */
class TensorRtOperatorsTest {
  private static byte[] model(String name) throws IOException {
    return name.equals("bundled")
        ? Whybox.bundledModel()
        : Files.readAllBytes(SharedFiles.require("models/" + name + ".onnx").path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bundled",
        "yolov8n",
        "yolo11n-320",
        "yolov8n-seg",
        "yolov8n-pose",
        "yolov8n-obb",
        "yolov8n-cls"
      })
  void everyRewriteIsTaken(String name) throws IOException {
    byte[] onnx = model(name);
    ModelProto plain = OnnxFile.read(onnx, name);
    OnnxGraph graph = new OnnxGraph(plain);
    long[] declared =
        GraphShapes.of(graph, side(plain, 2), side(plain, 3))
            .shape(graph.inputs().keySet().iterator().next());
    int height = (int) declared[2];
    int width = (int) declared[3];
    assertEquals(List.of(), TensorRtOperators.refused(plain), "as exported");
    for (boolean half : new boolean[] {false, true}) {
      // Folded, of free batch, and in half precision or not; checks its operators itself.
      DeviceModel model = DeviceModel.of(onnx, name, height, width, half);
      ModelProto rewritten = OnnxFile.read(model.onnx(), name);
      assertEquals(List.of(), TensorRtOperators.refused(rewritten));
      assertTrue(
          rewritten.getGraph().getNodeList().stream()
              .noneMatch(node -> List.of("Shape", "ConstantOfShape").contains(node.getOpType())),
          "shape arithmetic is folded");
      if (!name.endsWith("-cls")) {
        differentiated(rewritten, height, width);
      }
    }
  }

  /** A segmenter's prototypes stay where they are asked for. */
  @Test
  void theOutputsThatAreAskedForStay() throws IOException {
    byte[] onnx = model("yolov8n-seg");
    DeviceModel both = DeviceModel.of(onnx, "segmenter", 640, 640, List.of(0, 1), false);
    assertEquals(2, both.outputs(3).size());
    assertArrayEquals(new long[] {3, 116, 8400}, both.outputs(3).get(0).shape());
    assertArrayEquals(new long[] {3, 32, 160, 160}, both.outputs(3).get(1).shape());
    DeviceModel turned = DeviceModel.of(onnx, "segmenter", 640, 640, List.of(1, 0), false);
    assertEquals(both.outputs(1).get(1).name(), turned.outputs(1).get(0).name());
    assertEquals(1, DeviceModel.of(onnx, "segmenter", 640, 640, false).outputs(1).size());
  }

  /** Free sizes become 320. */
  private static int side(ModelProto model, int axis) {
    var dim = model.getGraph().getInput(0).getType().getTensorType().getShape().getDim(axis);
    return dim.getDimValue() > 0 ? 0 : 320;
  }

  private static void differentiated(ModelProto model, int height, int width) {
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, height, width);
    String output = model.getGraph().getOutput(0).getName();
    String input = graph.inputs().keySet().iterator().next();
    long[] head = shapes.shape(output);
    boolean anchorsFirst = head[1] > head[2];
    long[] index = anchorsFirst ? new long[] {0, 7, 4} : new long[] {0, 4, 7};
    Origin origin = Origin.of(graph, shapes, output, index);
    ModelProto gradient = Gradient.of(graph, shapes, origin.tensor(), List.of(input)).model();
    assertEquals(List.of(), TensorRtOperators.refused(gradient), "differentiated");
  }

  @Test
  void dynamicQuantizationIsRefusedByName() throws IOException {
    byte[] onnx = model("yolov8n-dynamic-int8");
    List<String> refused = TensorRtOperators.refused(OnnxFile.read(onnx, "int8"));
    assertTrue(
        refused.stream().anyMatch(r -> r.startsWith("DynamicQuantizeLinear (")), refused + "");
    UnsupportedGraph error =
        assertThrows(
            UnsupportedGraph.class,
            () -> TensorRtOperators.check(OnnxFile.read(onnx, "int8"), "int8"));
    assertTrue(error.getMessage().contains("nodes more"), error.getMessage());
    assertTrue(error.getMessage().contains("--device cpu"), error.getMessage());
  }

  private static String refused(NodeProto.Builder node) {
    GraphProto graph = GraphProto.newBuilder().addNode(node.addOutput("y")).build();
    List<String> refused =
        TensorRtOperators.refused(ModelProto.newBuilder().setGraph(graph).build());
    return refused.isEmpty() ? "" : refused.get(0);
  }

  private static NodeProto.Builder node(String type, String... inputs) {
    return NodeProto.newBuilder().setOpType(type).addAllInput(List.of(inputs));
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  @Test
  void conditionsHold() {
    assertEquals("", refused(node("Mul", "a", "b")));
    assertTrue(
        refused(node("Mul", "a", "b").setDomain("com.microsoft")).contains("does not support"));
    assertTrue(refused(node("MaxUnpool", "a", "b")).contains("does not support"));
    assertTrue(refused(node("ScatterND", "a", "b", "c")).contains("does not support"));
    assertEquals("", refused(node("MaxPool", "a").addAttribute(ints("dilations", 1, 1))));
    assertTrue(
        refused(node("MaxPool", "a").addAttribute(ints("dilations", 2, 1))).contains("dilated"));
    assertTrue(refused(node("MaxPool", "a").addOutput("first")).contains("Indices"));
    assertTrue(refused(node("ReduceSum", "a", "axes")).contains("not constant"));
    assertEquals("", refused(node("ReduceSum", "a")));
    assertTrue(
        refused(node("ConvTranspose", "a").addAttribute(ints("output_shape", 3, 3)))
            .contains("output_shape"));
    assertTrue(refused(node("Conv", "a", "weights")).contains("not constant"));
  }
}
