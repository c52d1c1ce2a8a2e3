// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.whybox.blackbox.Shap;
import dev.whybox.blackbox.ShapleyEstimatorKind;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.graph.HalfModel;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gradients that half precision cannot hold. The bundled model in float16, changed so that it
 * computes the same, or a multiple of the same logits, and that its gradients leave the range on
 * their way.
 */
class HalfGradientTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final String CLASSES = "model\\.22\\.cv3\\.\\d\\.2\\.weight";
  @TempDir static Path folder;
  private static Whybox full;
  private static Target target;

  @BeforeAll
  static void open() {
    full = Whybox.bundled(Options.DEFAULT);
    target = Target.of(full.detect(IMAGE).get(0));
  }

  @AfterAll
  static void close() {
    full.close();
  }

  /** The bundled model with logits 2^logits times as large; not yet in half precision. */
  private static ModelProto.Builder scaled(int logits) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL)).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getName().matches("model\\.22\\.cv3\\.\\d\\.2\\.(weight|bias)")) {
        ByteBuffer raw =
            ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < raw.capacity(); i += 4) {
          raw.putFloat(i, Math.scalb(raw.getFloat(i), logits));
        }
        tensor.setRawData(ByteString.copyFrom(raw.array()));
      }
    }
    return model;
  }

  /**
   * What the nodes at {@code layer} read is multiplied by 2^exponent, taken apart and put together
   * again, which ONNX Runtime does in float16, and divided by it. (A product would be folded into
   * the weights, which would not hold it.)
   */
  private static void detour(ModelProto.Builder model, String layer, int exponent) {
    GraphProto.Builder graph = model.getGraphBuilder();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (!node.getOpType().equals("Conv") || !node.getInput(1).matches(layer)) {
        continue;
      }
      String name = "detour" + graph.getNodeCount();
      String there = constant(graph, name + "/there", exponent);
      NodeProto.Builder changed = node.toBuilder().setInput(0, name + "/out");
      graph.setNode(i, changed);
      graph.addNode(i, node("Div", List.of(name + "/whole", there), name + "/out"));
      graph.addNode(
          i,
          node("Concat", List.of(name + "/a", name + "/b"), name + "/whole").toBuilder()
              .addAttribute(axis()));
      graph.addNode(i, split(graph, name));
      graph.addNode(i, node("Mul", List.of(node.getInput(0), there), name + "/in"));
    }
  }

  private static NodeProto split(GraphProto.Builder graph, String name) {
    TensorProto.Builder sizes = TensorProto.newBuilder().setName(name + "/sizes");
    long channels = channels(graph, name);
    sizes.setDataType(DataType.INT64_VALUE).addDims(2).addInt64Data(1).addInt64Data(channels - 1);
    graph.addInitializer(sizes);
    return NodeProto.newBuilder()
        .setOpType("Split")
        .setName(name + "/split")
        .addInput(name + "/in")
        .addInput(name + "/sizes")
        .addOutput(name + "/a")
        .addOutput(name + "/b")
        .addAttribute(axis())
        .build();
  }

  /** How many the convolution behind the detour reads. */
  private static long channels(GraphProto.Builder graph, String name) {
    for (NodeProto node : graph.getNodeList()) {
      if (node.getInputList().contains(name + "/out")) {
        for (TensorProto tensor : graph.getInitializerList()) {
          if (tensor.getName().equals(node.getInput(1))) {
            return tensor.getDims(1);
          }
        }
      }
    }
    throw new IllegalStateException(name);
  }

  private static AttributeProto axis() {
    return AttributeProto.newBuilder()
        .setName("axis")
        .setType(AttributeProto.AttributeType.INT)
        .setI(1)
        .build();
  }

  private static NodeProto node(String op, List<String> in, String out) {
    return NodeProto.newBuilder().setOpType(op).setName(out).addAllInput(in).addOutput(out).build();
  }

  private static String constant(GraphProto.Builder graph, String name, int exponent) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.FLOAT_VALUE)
            .addFloatData(Math.scalb(1f, exponent)));
    return name;
  }

  /** The bundled model with logits 2^10 times as large; float16 can't hold its gradients. */
  static ModelProto.Builder overflowing() throws IOException {
    ModelProto.Builder model = scaled(10);
    detour(model, CLASSES, -10);
    return model;
  }

  /** The bundled model with logits 2^−13 times as large; its gradients are zero in float16. */
  static ModelProto.Builder vanishing() throws IOException {
    ModelProto.Builder model = scaled(-13);
    detour(model, CLASSES, 11);
    return model;
  }

  /** The bundled model with logits 2^−10 times as large; float16 holds a part of its gradients. */
  static ModelProto.Builder faint() throws IOException {
    return scaled(-10);
  }

  private static Whybox half(ModelProto.Builder model) throws IOException {
    Path file = Files.createTempFile(folder, "half", ".onnx");
    return Whybox.open(Files.write(file, HalfModel.of(model.build()).toByteArray()));
  }

  /** The map is a power of two times that of float32. */
  private static void assertMultiple(WhiteBox method, Explanation found, double factor) {
    Budget budget = Budget.DEFAULT.withSamples(2);
    float[] expected =
        full.explain(IMAGE, List.of(target), method, budget, ProgressListener.NONE).get(0).map();
    float[] map = found.map();
    double dot = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < map.length; i++) {
      dot += (double) expected[i] * map[i];
      own += (double) map[i] * map[i];
      other += (double) expected[i] * expected[i];
    }
    double cosine = dot / Math.sqrt(own * other);
    assertTrue(cosine > 0.99, method.name() + " " + cosine);
    assertEquals(1, Math.sqrt(own / other) / factor, 0.05, method.name());
  }

  private static Explanation explain(Whybox whybox, WhiteBox method) {
    Budget budget = Budget.DEFAULT.withSamples(2);
    return whybox.explain(IMAGE, List.of(target), method, budget, ProgressListener.NONE).get(0);
  }

  @Test
  void gradientsThatOverflowAreScaledDown() throws IOException {
    try (Whybox whybox = half(overflowing())) {
      for (WhiteBox method :
          List.of(new Saliency(), new InputXGradient(), new SmoothGrad(), new LayerCam())) {
        Explanation why = explain(whybox, method);
        assertTrue(
            why.gradientScale().getAsDouble() < 1,
            method.name() + " " + why.gradientScale().getAsDouble());
        // Of several layers each map is scaled to a maximum of 1.
        assertMultiple(method, why, method instanceof LayerCam ? 1 : 1024);
      }
    }
  }

  @Test
  void gradientsThatVanishAreScaledUp() throws IOException {
    try (Whybox whybox = half(vanishing())) {
      Explanation why = explain(whybox, new Saliency());
      assertTrue(why.gradientScale().getAsDouble() > 1, "" + why.gradientScale().getAsDouble());
      assertMultiple(new Saliency(), why, Math.scalb(1.0, -13));
    }
  }

  @Test
  void gradientsOfWhichLittleIsLeftAreScaledUp() throws IOException {
    try (Whybox whybox = half(faint())) {
      Explanation why = explain(whybox, new Saliency());
      assertTrue(why.gradientScale().getAsDouble() > 1, "" + why.gradientScale().getAsDouble());
      assertMultiple(new Saliency(), why, Math.scalb(1.0, -10));
    }
  }

  @Test
  void gradientsThatFitAreLeftAlone() throws IOException {
    try (Whybox whybox = half(scaled(0))) {
      Explanation why = explain(whybox, new Saliency());
      assertEquals(1, why.gradientScale().getAsDouble());
      assertMultiple(new Saliency(), why, 1);
    }
    assertEquals(1, explain(full, new Saliency()).gradientScale().getAsDouble());
  }

  /** The slope of a square root at 0 is infinite at every scale. */
  static ModelProto.Builder rooted() throws IOException {
    ModelProto.Builder model = scaled(0);
    GraphProto.Builder graph = model.getGraphBuilder();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOpType().equals("Conv") && node.getInput(1).matches(CLASSES)) {
        String name = "root" + i;
        graph.setNode(i, node.toBuilder().setInput(0, name + "/square"));
        graph.addNode(i, node("Mul", List.of(name + "/root", name + "/root"), name + "/square"));
        graph.addNode(i, node("Sqrt", List.of(name + "/positive"), name + "/root"));
        graph.addNode(i, node("Relu", List.of(node.getInput(0)), name + "/positive"));
      }
    }
    return model;
  }

  @Test
  void whereNoScaleHelpsTheTensorIsNamed() throws IOException {
    ModelProto.Builder model = rooted();
    Path file = Files.write(folder.resolve("root.onnx"), model.build().toByteArray());
    for (Whybox whybox : List.of(Whybox.open(file), half(model))) {
      try (whybox) {
        NonFiniteOutput error =
            assertThrows(NonFiniteOutput.class, () -> explain(whybox, new Saliency()));
        String message = error.getMessage();
        assertTrue(message.contains("whatever power of two"), message);
        assertTrue(
            message.matches(".*that of root\\d+/positive, read by root\\d+/root \\(Sqrt\\).*"),
            message);
      }
    }
  }

  /** A method that needs no gradient goes without. */
  @Test
  void whereNoScaleHelpsShapHasOneHintLess() throws IOException {
    Path file = Files.write(folder.resolve("hint.onnx"), rooted().build().toByteArray());
    Shap shap =
        new Shap()
            .withSegmentation(Segmentation.grid(4, 4))
            .withEstimator(ShapleyEstimatorKind.GAUSSIAN);
    Budget budget = Budget.DEFAULT.withSamples(32);
    // Known detections need no forward of their own.
    full.detect(IMAGE);
    try (Whybox whybox = Whybox.open(file)) {
      whybox.detect(IMAGE);
      Explanation found =
          whybox.explain(IMAGE, List.of(target), shap, budget, ProgressListener.NONE).get(0);
      assertEquals(34, found.forwards());
    }
    assertEquals(
        35,
        full.explain(IMAGE, List.of(target), shap, budget, ProgressListener.NONE)
            .get(0)
            .forwards());
  }

  @Test
  void valuesThatAreNotFiniteAreNamed() throws IOException {
    ModelProto.Builder model = scaled(0);
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getName().equals("model.4.cv1.conv.bias")) {
        ByteBuffer raw = ByteBuffer.wrap(tensor.getRawData().toByteArray());
        raw.order(ByteOrder.LITTLE_ENDIAN).putFloat(0, Float.NaN);
        tensor.setRawData(ByteString.copyFrom(raw.array()));
      }
    }
    Path file = Files.write(folder.resolve("nan.onnx"), model.build().toByteArray());
    try (Whybox whybox = Whybox.open(file)) {
      NonFiniteOutput error =
          assertThrows(NonFiniteOutput.class, () -> explain(whybox, new Saliency()));
      String message = error.getMessage();
      assertTrue(message.contains("is NaN; it must be a finite number"), message);
      assertTrue(message.contains("made by /model.4/cv1/conv/Conv (Conv)"), message);
    }
  }
}
