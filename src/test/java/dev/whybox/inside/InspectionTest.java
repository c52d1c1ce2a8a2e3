// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.Options;
import dev.whybox.Samples;
import dev.whybox.SharedFiles;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnreadableModel;
import dev.whybox.explain.Explanation;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.image.Image;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {
  /** yolov8.yaml. */
  private static final List<String> BACKBONE =
      List.of(
          "Conv",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "SPPF",
          "Upsample",
          "Concat",
          "C2f",
          "Upsample",
          "Concat",
          "C2f",
          "Conv",
          "Concat",
          "C2f",
          "Conv",
          "Concat",
          "C2f");

  private static Inspection shared(String name) {
    return Whybox.inspect(SharedFiles.require("models/" + name + ".onnx").path(), 0);
  }

  /** A second input is no reason to refuse; the network's own weights are counted. */
  @Test
  void furtherInputsAreNoObstacle() {
    Inspection model = shared("exports/deimv2-atto-int8");
    assertEquals("images", model.input());
    assertEquals(List.of(-1L, 3L, 320L, 320L), model.inputShape());
    assertTrue(model.parameters() > 400_000, "" + model.parameters());
  }

  private static void assertDetectorLike(Inspection model, String head) {
    assertEquals(23, model.layers().size());
    assertEquals(
        BACKBONE, model.layers().subList(0, 22).stream().map(Inspection.Layer::type).toList());
    assertEquals(head, model.layers().get(22).type());
    assertTotals(model);
    assertEquals(3, model.logits().size(), "one tensor per scale");
    for (Inspection.Tensor logits : model.logits()) {
      assertEquals(model.classes().size(), logits.shape().get(1));
    }
  }

  private static void assertTotals(Inspection model) {
    long parameters = model.layers().stream().mapToLong(Inspection.Layer::parameters).sum();
    double gflops = model.layers().stream().mapToDouble(Inspection.Layer::gflops).sum();
    assertEquals(model.parameters(), parameters, "every constant belongs to one layer");
    assertEquals(model.gflops(), gflops, 1e-9);
  }

  @Test
  void bundledModel() {
    Inspection model = Whybox.inspect(Samples.MODEL, 0);
    assertDetectorLike(model, "Detect");
    assertEquals("detect", model.task());
    assertEquals(6, model.classes().size());
    assertEquals(List.of(-1L, 3L, 320L, 320L), model.inputShape());
    assertEquals(13, model.opset());
    assertEquals("fp32", model.precision());
    assertEquals(Samples.MODEL.toFile().length(), model.bytes());
    assertEquals(64, model.sha256().length());
    Inspection.Layer p3 = model.layers().get(15);
    assertEquals("model.15", p3.name());
    assertEquals("/model.15/cv2/act/Mul_output_0", p3.output());
    assertEquals(List.of(-1L, 64L, 40L, 40L), p3.shape());
    assertTrue(p3.map());
    // 3·16·9 weights and 16 biases; 16 kernels of 27 weights at 160 × 160 places.
    assertEquals(16 * 27 + 16, model.layers().get(0).parameters());
    assertEquals(2e-9 * 160 * 160 * 16 * 27, model.layers().get(0).gflops(), 1e-12);
    assertEquals(0, model.layers().get(10).parameters());
  }

  /** The bundled model inside other modules, as exporters that add a step write their names. */
  private static Path wrapped(String around, Path folder) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL)).toBuilder();
    UnaryOperator<String> wrap = name -> name.startsWith("/") ? around + name : name;
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      node.setName(wrap.apply(node.getName()));
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, wrap.apply(node.getInput(i)));
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        node.setOutput(i, wrap.apply(node.getOutput(i)));
      }
    }
    return Files.write(folder.resolve("wrapped.onnx"), model.build().toByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/n", "/0", "/model", "/model/model", "/0/a.b/c"})
  void modulesAroundTheNetDoNotCount(String around, @TempDir Path folder) throws IOException {
    Path file = wrapped(around, folder);
    Inspection plain = Whybox.inspect(Samples.MODEL, 0);
    Inspection found = Whybox.inspect(file, 0);
    assertDetectorLike(found, "Detect");
    for (int i = 0; i < plain.layers().size(); i++) {
      Inspection.Layer expected = plain.layers().get(i);
      Inspection.Layer layer = found.layers().get(i);
      assertEquals(expected.name(), layer.name());
      assertEquals(expected.shape(), layer.shape());
      String output = expected.output();
      assertEquals(output.startsWith("/") ? around + output : output, layer.output());
    }
    OnnxGraph graph = new OnnxGraph(OnnxFile.read(Files.readAllBytes(file), "wrapped"));
    String output = around + "/model.15/cv2/act/Mul_output_0";
    for (String name :
        List.of("model.15", "/model.15", around + "/model.15", around.substring(1) + "/model.15")) {
      assertEquals(output, graph.layer(name), name);
    }
    assertEquals(around + "/model.15/cv1/act/Mul_output_0", graph.layer("model.15/cv1"));
    assertThrows(BadArgument.class, () -> graph.layer("cv1"));
    assertThrows(BadArgument.class, () -> graph.layer("model.1/cv1"));
    Image image = Image.read(Samples.all().get(0).image());
    try (Whybox bare = Whybox.bundled(Options.DEFAULT);
        Whybox whybox = Whybox.open(file)) {
      Target target = Target.of(bare.detect(image).get(0));
      LayerCam method = new LayerCam().withLayers(List.of("model.15"));
      Explanation why = whybox.explain(image, target, method);
      assertArrayEquals(bare.explain(image, target, method).map(), why.map(), 1e-6f);
      assertEquals(List.of("model.15"), ((LayerCam) why.method()).layers());
    }
  }

  @Test
  void aGraphInsideAnotherModule() {
    Path file = SharedFiles.require("cases/wrapped.onnx").path();
    Inspection.Layer first = Whybox.inspect(file, 0).layers().get(0);
    assertEquals("model.0", first.name());
    assertEquals("/n/model.0/act/Mul_output_0", first.output());
  }

  @Test
  void operationsGrowWithTheArea() {
    double own = Whybox.inspect(Samples.MODEL, 320).gflops();
    assertEquals(4 * own, Whybox.inspect(Samples.MODEL, 640).gflops(), 1e-9);
  }

  @Test
  void heads() {
    assertDetectorLike(shared("yolov8n"), "Detect");
    assertDetectorLike(shared("yolov8n-seg"), "Segment");
    assertDetectorLike(shared("yolov8n-pose"), "Pose");
    Inspection obb = shared("yolov8n-obb");
    assertDetectorLike(obb, "OBB");
    assertEquals(List.of(1L, 3L, 1024L, 1024L), obb.inputShape());
  }

  @Test
  void classifier() {
    Inspection model = shared("yolov8n-cls");
    assertEquals("classify", model.task());
    assertEquals(10, model.layers().size());
    assertEquals("Classify", model.layers().get(9).type());
    assertEquals(2_715_880, model.parameters(), "published: 2.7 M");
    assertTotals(model);
    assertEquals(1, model.logits().size());
    assertEquals(List.of(1L, 1000L), model.logits().get(0).shape());
  }

  @Test
  void quantisedModel() {
    Inspection model = shared("yolov8n-dynamic-int8");
    assertEquals("int8", model.precision());
    assertEquals(3_151_904, model.parameters());
    assertDetectorLike(model, "Detect");
  }

  @Test
  void badInput(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("a.onnx"), "no model");
    byte[] whole = Files.readAllBytes(Samples.MODEL);
    Path cut = Files.write(folder.resolve("c.onnx"), Arrays.copyOf(whole, 50_000));
    for (Path bad : List.of(text, cut, folder, folder.resolve("none.onnx"))) {
      UnreadableModel error =
          assertThrows(UnreadableModel.class, () -> Whybox.inspect(bad, 0), bad.toString());
      assertTrue(error.getMessage().contains(bad.toString()), error.getMessage());
    }
    for (int size : new int[] {-32, 100, 1 << 20}) {
      assertThrows(BadArgument.class, () -> Whybox.inspect(Samples.MODEL, size));
    }
  }
}
