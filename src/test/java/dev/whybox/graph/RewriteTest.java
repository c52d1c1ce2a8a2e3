// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.Samples;
import dev.whybox.SharedFiles;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.error.WhyboxException.UnwritableOutput;
import dev.whybox.graph.gradient.OrtRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rewritten models compute the same as the original. */
class RewriteTest {

  private static ModelProto shared(String name) {
    return OrtRun.read(SharedFiles.require("models/" + name + ".onnx").path());
  }

  private static float[] noise(int count, int seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static long[] at(long[] shape, int batch) {
    long[] result = shape.clone();
    result[0] = batch;
    return result;
  }

  private static float[] output(ModelProto model, float[] images, long... shape) {
    try (OrtRun run = new OrtRun(model)) {
      String name = model.getGraph().getOutput(0).getName();
      return run.run(Map.of("images", images), Map.of("images", shape)).get(name);
    }
  }

  private static void assertRows(float[] expected, float[] found, int first, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      double near = tolerance * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], found[first + i], near, "element " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yolo11n-320", "yolov8n-cls", "yolov8n-pose", "yolov8n-seg", "yolov8n"})
  void aFreeBatchGivesEachImagesResult(String name) {
    ModelProto model = shared(name);
    OnnxGraph graph = new OnnxGraph(model);
    long[] shape = GraphShapes.of(graph, 0, 0).shape("images");
    ModelProto free = DynamicBatch.of(model);
    assertEquals("batch", dimension(free, true));
    assertEquals("batch", dimension(free, false));
    int size = (int) Dims.count(shape);
    float[] images = noise(3 * size, 1);
    float[] all = output(free, images, at(shape, 3));
    for (int i = 0; i < 3; i += 2) {
      float[] one = java.util.Arrays.copyOfRange(images, i * size, (i + 1) * size);
      float[] expected = output(model, one, shape);
      assertEquals(3 * expected.length, all.length);
      assertRows(expected, all, i * expected.length, 1e-4);
    }
    assertEquals(free, DynamicBatch.of(free));
  }

  /**
   * The bundled model computes the positions of its anchors from the input's size; these have no
   * batch.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theBundledModelsBatchIsFreed(int batch) {
    ModelProto original = OrtRun.read(Samples.MODEL);
    ModelProto.Builder declared = original.toBuilder();
    ValueInfoProto input = original.getGraph().getInput(0);
    long[] sizes = {batch, 3, 320, 320};
    declared.getGraphBuilder().setInput(0, Simplification.sized(input, sizes));
    ModelProto free = DynamicBatch.of(declared.build());
    assertEquals("batch", dimension(free, true));
    assertEquals("batch", dimension(free, false));
    for (int images = 1; images <= 3; images++) {
      float[] pixels = noise(images * 3 * 320 * 320, images);
      float[] expected = output(original, pixels, at(sizes, images));
      float[] found = output(free, pixels, at(sizes, images));
      assertEquals(images * 10 * 2100, found.length);
      assertRows(expected, found, 0, 1e-4);
    }
  }

  private static String dimension(ModelProto model, boolean input) {
    return (input ? model.getGraph().getInput(0) : model.getGraph().getOutput(0))
        .getType()
        .getTensorType()
        .getShape()
        .getDim(0)
        .getDimParam();
  }

  @Test
  void imagesThatAreMixedAreNotFreed() {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    maker.node("Transpose", "t", List.of("images"), Attributes.of("perm", new long[] {1, 0, 2, 3}));
    maker.node("Reshape", "y", List.of("t", maker.longs(3, 16)));
    UnsupportedGraph error =
        assertThrows(
            UnsupportedGraph.class, () -> DynamicBatch.of(maker.output("y", 3, 16).build()));
    assertTrue(error.getMessage().contains("Transpose_0 (Transpose)"), error.getMessage());
    // Its scale is the range of the whole batch.
    ModelMaker eight = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    eight.node("DynamicQuantizeLinear", List.of("q", "s", "z"), List.of("images"));
    eight.node("DequantizeLinear", "y", List.of("q", "s", "z"));
    error =
        assertThrows(
            UnsupportedGraph.class, () -> DynamicBatch.of(eight.output("y", 1, 3, 4, 4).build()));
    assertTrue(error.getMessage().contains("DynamicQuantizeLinear_0"), error.getMessage());
    // Reads the first image alone: x[0], then with an axis in front again.
    ModelMaker first = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    first.node("Gather", "g", List.of("images", first.longs(0)), Attributes.of("axis", 0L));
    error =
        assertThrows(
            UnsupportedGraph.class, () -> DynamicBatch.of(first.output("g", 1, 3, 4, 4).build()));
    assertTrue(error.getMessage().contains("Gather_0 (Gather)"), error.getMessage());
  }

  @Test
  void simplificationKeepsResultsAndDropsShapeArithmetic() {
    ModelProto model = FreeDetector.model();
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, 24, 32);
    assertArrayEquals(new long[] {-1, 6, 12 * 16 + 6 * 8}, shapes.shape("output0"));
    ModelProto simple = Simplification.of(graph, shapes);
    for (String op : List.of("Shape", "Gather", "Range", "Cast", "Expand", "ConstantOfShape")) {
      boolean left =
          simple.getGraph().getNodeList().stream().anyMatch(n -> n.getOpType().equals(op));
      assertFalse(left, op);
    }
    float[] images = noise(2 * 3 * 24 * 32, 2);
    float[] expected = output(model, images, 2, 3, 24, 32);
    assertRows(expected, output(simple, images, 2, 3, 24, 32), 0, 1e-5);
    assertEquals(2 * 6 * (12 * 16 + 6 * 8), expected.length);
  }

  @Test
  void anotherSizeWhereTheGraphAllowsIt() {
    ModelProto sized = InputSize.of(FreeDetector.model(), 16, 20);
    float[] images = noise(3 * 16 * 20, 3);
    float[] expected = output(FreeDetector.model(), images, 1, 3, 16, 20);
    assertRows(expected, output(sized, images, 1, 3, 16, 20), 0, 1e-5);
    ModelProto classifier = InputSize.of(shared("yolov8n-cls"), 96, 128);
    assertEquals(1000, output(classifier, noise(3 * 96 * 128, 4), 1, 3, 96, 128).length);
    UnsupportedGraph error =
        assertThrows(UnsupportedGraph.class, () -> InputSize.of(shared("yolo11n-320"), 256, 256));
    assertTrue(error.getMessage().contains("256×256"), error.getMessage());
  }

  @Test
  void aWrittenModelIsReadAgain(@TempDir Path folder) throws IOException {
    ModelProto model = FreeDetector.model();
    Path file = folder.resolve("model.onnx");
    Files.writeString(file, "something older");
    OnnxFile.write(model, file);
    assertEquals(model, OrtRun.read(file));
    Path nowhere = folder.resolve("missing").resolve("model.onnx");
    assertThrows(UnwritableOutput.class, () -> OnnxFile.write(model, nowhere));
    // A folder with something in it can't be replaced; nothing may be left beside it.
    Path taken = Files.createDirectories(folder.resolve("taken/inside")).getParent();
    assertThrows(UnwritableOutput.class, () -> OnnxFile.write(model, taken));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void innerTensorsBecomeOutputs() {
    ModelProto model = shared("yolo11n-320");
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    String layer = graph.layer("model.16");
    assertEquals("/model.16/cv2/act/Mul_output_0", layer);
    assertArrayEquals(new long[] {1, 64, 40, 40}, shapes.shape(layer));
    ModelProto more = InnerOutputs.added(graph, shapes, List.of(layer));
    ModelProto only = InnerOutputs.only(graph, shapes, List.of(layer));
    assertEquals(2, more.getGraph().getOutputCount());
    assertTrue(only.getGraph().getNodeCount() < graph.nodes().size() * 3 / 4);
    float[] image = noise(3 * 320 * 320, 5);
    Map<String, float[]> all;
    try (OrtRun run = new OrtRun(more)) {
      all = run.run(Map.of("images", image), Map.of("images", new long[] {1, 3, 320, 320}));
    }
    assertEquals(84 * 2100, all.get("output0").length);
    assertRows(all.get(layer), output(only, image, 1, 3, 320, 320), 0, 1e-5);
    BadArgument error = assertThrows(BadArgument.class, () -> graph.layer("model.99"));
    assertTrue(error.getMessage().contains("model.99"), error.getMessage());
  }

  @Test
  void anOriginHoldsTheElement() {
    ModelProto model = shared("yolov8n-pose");
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    // A class, and a keypoint's confidence, at each scale's first and last anchor.
    for (int row : new int[] {4, 5 + 2, 5 + 3 * 16 + 2}) {
      for (int anchor : new int[] {0, 6399, 6400, 7999, 8000, 8399}) {
        Origin origin = Origin.of(graph, shapes, "output0", 0, row, anchor);
        assertTrue(origin.tensor().endsWith("Conv_output_0"), origin.toString());
        assertEquals(anchor < 6400 ? 80 : anchor < 8000 ? 40 : 20, origin.shape()[2]);
      }
    }
    Origin logit = Origin.of(graph, shapes, "output0", 0, 4, 6500);
    ModelProto more = InnerOutputs.added(graph, shapes, List.of(logit.tensor()));
    try (OrtRun run = new OrtRun(more)) {
      Map<String, float[]> out =
          run.run(
              Map.of("images", noise(3 * 640 * 640, 6)),
              Map.of("images", new long[] {1, 3, 640, 640}));
      double value = out.get(logit.tensor())[(int) logit.offset()];
      assertEquals(1 / (1 + Math.exp(-value)), out.get("output0")[4 * 8400 + 6500], 1e-6);
    }
    Origin box = Origin.of(graph, shapes, "output0", 0, 1, 8000);
    assertEquals("/model.22/Mul_2_output_0", box.tensor());
    assertThrows(BadArgument.class, () -> Origin.of(graph, shapes, "output0", 0, 56, 0));
  }
}
