// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static dev.whybox.graph.Attributes.of;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.Dims;
import dev.whybox.graph.FreeDetector;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.HalfModel;
import dev.whybox.graph.ModelMaker;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gradient graph promises besides its numbers, and what it refuses. */
class GradientTest {
  private static final long[] AXES = {1, 0, 2, 3};

  private static ModelMaker maker() {
    return new ModelMaker(17, DataType.FLOAT).input("images", -1, 3, 4, 4);
  }

  private static GradientGraph gradient(ModelProto model, String target, String... sources) {
    OnnxGraph graph = new OnnxGraph(model);
    return Gradient.of(graph, GraphShapes.of(graph, 0, 0), target, List.of(sources));
  }

  private static String refusal(ModelProto model, String target, String... sources) {
    return assertThrows(NotDifferentiable.class, () -> gradient(model, target, sources))
        .getMessage();
  }

  private static void assertNames(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void anUnknownOperatorIsNamed() {
    ModelMaker maker = maker().node("Sin", "a", List.of("images"));
    maker.node("Erf", "b", List.of("a")).node("Mul", "y", List.of("b", "a"));
    assertNames(refusal(maker.build(), "y", "images"), "Erf_1 (Erf)", "its input a", "no rule");
  }

  @Test
  void wholeNumbersOnTheWayAreNamed() {
    ModelMaker maker = maker().node("Cast", "a", List.of("images"), of("to", 7));
    maker.node("Cast", "b", List.of("a"), of("to", 1)).node("Sin", "y", List.of("b"));
    assertNames(refusal(maker.build(), "y", "images"), "Cast_0 (Cast)", "images", "whole numbers");
  }

  @Test
  void stepsAreNamed() {
    ModelMaker maker = maker().node("Floor", "a", List.of("images")).node("Sin", "y", List.of("a"));
    assertNames(refusal(maker.build(), "y", "images"), "Floor_0 (Floor)", "images");
  }

  @Test
  void aTargetThatDoesNotDependIsNamed() {
    ModelMaker maker = maker().node("Sin", "a", List.of("images"));
    maker.node("Shape", "s", List.of("a"));
    maker.node("Cast", "y", List.of("s"), of("to", 1));
    maker.node("Cos", "z", List.of("images"));
    assertNames(refusal(maker.build(), "z", "a"), "z", "does not depend on a");
    assertNames(refusal(maker.build(), "y", "images"), "y", "does not depend on images");
    assertThrows(BadArgument.class, () -> gradient(maker.build(), "nothing", "images"));
    assertThrows(BadArgument.class, () -> gradient(maker.build(), "z"));
  }

  @Test
  void weightsThatDependOnTheImageAreNamed() {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    maker.node("Sin", "w", List.of("images"));
    maker.node("Conv", "y", List.of("images", "w"));
    assertNames(refusal(maker.build(), "y", "images"), "Conv_1 (Conv)", "weights");
  }

  @ParameterizedTest
  @CsvSource({"If,then_branch", "Loop,body", "Scan,body"})
  void controlFlowIsNamed(String op, String attribute) {
    ModelMaker maker = maker().node("Sin", "a", List.of("images"));
    AttributeProto body =
        AttributeProto.newBuilder()
            .setName(attribute)
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(GraphProto.newBuilder())
            .build();
    maker.node(op, "b", List.of("a"), body).node("Sin", "y", List.of("b"));
    assertNames(
        refusal(maker.build(), "y", "images"), op + "_1 (" + op + ")", "control flow", "shap");
  }

  /** Which element is the largest is a whole number: its slope is zero, and nobody wants that. */
  @Test
  void theGreatestElementsPlaceIsNamed() {
    ModelMaker maker = maker().node("Sin", "a", List.of("images"));
    maker.node("ArgMax", "b", List.of("a"), of("axis", 1));
    maker.node("Cast", "c", List.of("b"), of("to", 1)).node("Mul", "y", List.of("c", "c"));
    assertNames(refusal(maker.build(), "y", "images"), "ArgMax_1 (ArgMax)", "its input a", "shap");
  }

  @Test
  void externalWeightsAreRefused() {
    ModelMaker maker = maker();
    maker.node("Conv", "y", List.of("images", maker.weights(2, 3, 1, 1)));
    ModelProto.Builder model = maker.build().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    ExternalData error =
        assertThrows(ExternalData.class, () -> gradient(model.build(), "y", "images"));
    assertNames(error.getMessage(), "c0");
  }

  @Test
  void damagedGraphsAreRefused() {
    ModelMaker maker = maker().node("Sin", "y", List.of("missing"));
    UnsupportedGraph error =
        assertThrows(UnsupportedGraph.class, () -> new OnnxGraph(maker.build()));
    assertNames(error.getMessage(), "Sin_0 (Sin)", "missing");
    ModelMaker twice = maker().node("Sin", "y", List.of("images"));
    twice.node("Cos", "y", List.of("images"));
    assertThrows(UnsupportedGraph.class, () -> new OnnxGraph(twice.build()));
    ModelMaker sizes = maker();
    sizes.node("Add", "y", List.of("images", sizes.weights(5)));
    error =
        assertThrows(
            UnsupportedGraph.class, () -> GraphShapes.of(new OnnxGraph(sizes.build()), 0, 0));
    assertNames(error.getMessage(), "Add_0 (Add)", "[5]");
  }

  /** Each image's gradient is its own: the same alone and among others. */
  @Test
  void theBatchDoesNotMatter() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    GradientGraph made = Gradient.of(graph, shapes, "output0", List.of("images", "p1"));
    int size = 3 * 16 * 16;
    int target = (int) (made.targetShape()[1] * made.targetShape()[2]);
    float[] images = new float[3 * size];
    float[] cotangents = new float[3 * target];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * 31 % 101 / 101f;
    }
    for (int i = 0; i < cotangents.length; i++) {
      cotangents[i] = i * 17 % 23 / 23f - 0.4f;
    }
    try (OrtRun run = new OrtRun(made.model())) {
      Map<String, float[]> all = run(run, made, images, cotangents, 3);
      for (int i = 0; i < 3; i++) {
        float[] image = Arrays.copyOfRange(images, i * size, (i + 1) * size);
        float[] cotangent = Arrays.copyOfRange(cotangents, i * target, (i + 1) * target);
        Map<String, float[]> one = run(run, made, image, cotangent, 1);
        for (String name : made.gradients().values()) {
          float[] expected = one.get(name);
          double sum = 0;
          double other = 0;
          for (int j = 0; j < expected.length; j++) {
            float found = all.get(name)[i * expected.length + j];
            assertEquals(expected[j], found, 1e-5f * Math.max(1, Math.abs(expected[j])));
            sum += expected[j];
            other += found;
          }
          assertEquals(sum, other, 1e-3);
        }
      }
    }
  }

  /**
   * Both scales' heads share a graph: rows in any order, one that is infinite among them, and one
   * that belongs to nobody. Each is what its own target's graph gives for it alone.
   */
  @Test
  void severalTargetsShareAPass() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    List<String> targets = List.of("q1/head", "p2/head");
    List<String> sources = List.of("images", "p1", "p2");
    assertTrue(Gradient.takesRows(graph, shapes, targets));
    GradientGraph made = Gradient.of(graph, shapes, targets, sources, List.of("p2"), false);
    OrtRun.assertRunsAnywhere(made.model());
    assertEquals(List.of("q1/head", "p2/head", "p2"), List.copyOf(made.values().keySet()));
    float[] images = new float[3 * 16 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * 31 % 101 / 101f;
    }
    // Of each row of all: the target and the row of its cotangents.
    int[][] order = {{1, 0}, {0, 2}, {0, 0}, {1, 1}};
    int[] counts = {3, 2};
    Map<String, float[]> in = new HashMap<>(Map.of("images", images));
    Map<String, long[]> sizes = new HashMap<>(Map.of("images", new long[] {1, 3, 16, 16}));
    List<float[]> cotangents = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      GradientGraph.Cotangent each = made.cotangents().get(t);
      assertEquals(targets.get(t), each.target());
      long[] shape = each.shape();
      shape[0] = counts[t];
      float[] values = new float[(int) Dims.count(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 17 % 23 / 23f - 0.4f;
      }
      cotangents.add(values);
      float[] places = new float[order.length];
      for (int row = 0; row < order.length; row++) {
        places[row] = order[row][0] == t ? order[row][1] : counts[t];
      }
      in.put(each.input(), values);
      sizes.put(each.input(), shape);
      in.put(each.places(), places);
      sizes.put(each.places(), new long[] {order.length});
    }
    cotangents.get(1)[0] = Float.POSITIVE_INFINITY;
    Map<String, float[]> all;
    try (OrtRun run = new OrtRun(made.model())) {
      all = run.run(in, sizes);
    }
    for (int row = 1; row < order.length; row++) {
      String target = targets.get(order[row][0]);
      List<String> own = target.equals("p2/head") ? List.of("images", "p1", "p2") : sources;
      GradientGraph single = Gradient.of(graph, shapes, target, own);
      long[] shape = single.targetShape();
      shape[0] = 1;
      int size = (int) Dims.count(shape);
      int from = order[row][1] * size;
      float[] cotangent = Arrays.copyOfRange(cotangents.get(order[row][0]), from, from + size);
      Map<String, float[]> alone;
      try (OrtRun run = new OrtRun(single.model())) {
        alone =
            run.run(
                Map.of("images", images, single.cotangent(), cotangent),
                Map.of("images", new long[] {1, 3, 16, 16}, single.cotangent(), shape));
      }
      for (String source : own) {
        float[] expected = alone.get(single.gradients().get(source));
        float[] found = all.get(made.gradients().get(source));
        assertEquals(order.length * expected.length, found.length);
        float[] mine =
            Arrays.copyOfRange(found, row * expected.length, (row + 1) * expected.length);
        assertArrayEquals(expected, mine, 1e-5f, "row " + row + " at " + source);
      }
      assertArrayEquals(alone.get(target), all.get(target), 1e-5f);
    }
    float[] infinite = all.get(made.gradients().get("images"));
    boolean finite = true;
    for (int i = 0; i < images.length; i++) {
      finite &= Float.isFinite(infinite[i]);
    }
    assertFalse(finite);
  }

  /** What is zero or not there for one target is so in a shared pass too. */
  @Test
  void aTargetMayLackASource() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    GradientGraph made =
        Gradient.of(
            graph, shapes, List.of("q1/head", "p2/head"), List.of("p2", "q1"), List.of(), false);
    Map<String, float[]> in = new HashMap<>(Map.of("images", new float[3 * 16 * 16]));
    Map<String, long[]> sizes = new HashMap<>(Map.of("images", new long[] {1, 3, 16, 16}));
    for (GradientGraph.Cotangent each : made.cotangents()) {
      long[] shape = each.shape();
      shape[0] = 1;
      float[] ones = new float[(int) Dims.count(shape)];
      Arrays.fill(ones, 1);
      in.put(each.input(), ones);
      sizes.put(each.input(), shape);
      in.put(
          each.places(), each.target().equals("q1/head") ? new float[] {0, 1} : new float[] {1, 0});
      sizes.put(each.places(), new long[] {2});
    }
    try (OrtRun run = new OrtRun(made.model())) {
      Map<String, float[]> out = run.run(in, sizes);
      float[] atQ1 = out.get(made.gradients().get("q1"));
      float[] own = Arrays.copyOf(atQ1, atQ1.length / 2);
      float[] other = Arrays.copyOfRange(atQ1, atQ1.length / 2, atQ1.length);
      assertArrayEquals(new float[other.length], other, "the coarse head does not read q1");
      float sum = 0;
      for (float value : own) {
        sum += Math.abs(value);
      }
      assertTrue(sum > 0);
    }
    assertNames(
        assertThrows(
                NotDifferentiable.class,
                () ->
                    Gradient.of(
                        graph,
                        shapes,
                        List.of("q1/head", "p2/head"),
                        List.of("q1"),
                        List.of(),
                        false))
            .getMessage(),
        "p2/head",
        "q1");
  }

  /** A fixed batch has one cotangent an image, and so has one that becomes another axis. */
  @Test
  void whereTheBatchIsNotFreeTargetsDoNotShare() {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, 4, 4);
    maker.node("Sin", "y", List.of("images")).node("Cos", "z", List.of("images"));
    ModelMaker turned = maker().node("Transpose", "t", List.of("images"), of("perm", AXES));
    turned.node("Sin", "y", List.of("t")).node("Cos", "z", List.of("t"));
    for (ModelMaker each : List.of(maker, turned)) {
      OnnxGraph graph = new OnnxGraph(each.build());
      GraphShapes shapes = GraphShapes.of(graph, 0, 0);
      List<String> targets = List.of("y", "z");
      assertFalse(Gradient.takesRows(graph, shapes, targets));
      UnsupportedGraph error =
          assertThrows(
              UnsupportedGraph.class,
              () -> Gradient.of(graph, shapes, targets, List.of("images"), List.of(), false));
      assertNames(error.getMessage(), "y, z", "one at a time");
    }
  }

  /** The graph is written in the forms of the model's own operator set. */
  @ParameterizedTest
  @ValueSource(ints = {13, 15, 18, 19, 21, 22})
  void everyOperatorSetGivesTheSame(int opset) {
    float[][] found = new float[2][];
    for (int i = 0; i < 2; i++) {
      OnnxGraph graph = new OnnxGraph(FreeDetector.model(i == 0 ? 17 : opset));
      GraphShapes shapes = GraphShapes.of(graph, 16, 16);
      GradientGraph made = Gradient.of(graph, shapes, "output0", List.of("images"));
      assertEquals(i == 0 ? 17 : opset, OnnxGraph.opset(made.model()));
      OrtRun.assertRunsAnywhere(made.model());
      float[] cotangent = new float[6 * 80];
      Arrays.fill(cotangent, 0.5f);
      try (OrtRun run = new OrtRun(made.model())) {
        Map<String, float[]> out = run(run, made, new float[3 * 16 * 16], cotangent, 1);
        found[i] = out.get(made.gradients().get("images"));
      }
    }
    assertArrayEquals(found[0], found[1], 1e-4f);
  }

  private static Map<String, float[]> run(
      OrtRun run, GradientGraph made, float[] images, float[] cotangents, int batch) {
    long[] shape = made.targetShape();
    shape = new long[] {batch, shape[1], shape[2]};
    return run.run(
        Map.of("images", images, made.cotangent(), cotangents),
        Map.of("images", new long[] {batch, 3, 16, 16}, made.cotangent(), shape));
  }

  @Test
  void onlyWhatTheCotangentNeedsIsComputed() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    // Anchor 64 is the first of the coarse scale; its head needs neither the pyramid nor the other.
    Origin origin = Origin.of(graph, shapes, "output0", 0, 5, 64);
    assertEquals("p2/head", origin.tensor());
    assertArrayEquals(new long[] {0, 5, 0, 0}, origin.index());
    GradientGraph made = Gradient.of(graph, shapes, origin.tensor(), List.of("images"));
    assertTrue(
        made.model().getGraph().getNodeList().stream()
            .noneMatch(n -> n.getOutput(0).contains("q1") || n.getOutput(0).contains("up")),
        "the fine scale's head is left out");
    assertArrayEquals(new long[] {-1, 6, 4, 4}, made.targetShape());
  }

  /** Of all scales' logits, or of all boxes: the other branch is neither computed nor gone back. */
  @Test
  void theBranchThatIsNotAskedForIsLeftOut() {
    ModelProto model = FreeDetector.withBranches();
    OnnxGraph graph = new OnnxGraph(model);
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    for (String target : List.of("logits", "box")) {
      GradientGraph made = Gradient.of(graph, shapes, target, List.of("images"));
      String other = target.equals("box") ? "/cls" : "/box";
      assertTrue(
          made.model().getGraph().getNodeList().stream()
              .noneMatch(n -> n.getOutput(0).endsWith(other)),
          target);
      // The same as from the head before it is taken apart, with a cotangent for a part of it.
      GradientGraph full = Gradient.of(graph, shapes, "head", List.of("images"));
      float[] images = new float[3 * 16 * 16];
      float[] cotangent = new float[(int) (made.targetShape()[1] * made.targetShape()[2])];
      for (int i = 0; i < images.length; i++) {
        images[i] = i * 31 % 101 / 101f;
      }
      for (int i = 0; i < cotangent.length; i++) {
        cotangent[i] = i * 17 % 23 / 23f - 0.4f;
      }
      int start = target.equals("box") ? 0 : 4 * 80;
      float[] padded = new float[6 * 80];
      System.arraycopy(cotangent, 0, padded, start, cotangent.length);
      try (OrtRun first = new OrtRun(made.model());
          OrtRun second = new OrtRun(full.model())) {
        Map<String, float[]> found = run(first, made, images, cotangent, 1);
        Map<String, float[]> expected = run(second, full, images, padded, 1);
        String gradient = made.gradients().get("images");
        assertArrayEquals(expected.get(gradient), found.get(gradient), 1e-4f);
        float[] values = Arrays.copyOfRange(expected.get("head"), start, start + cotangent.length);
        assertArrayEquals(values, found.get(target), 1e-5f);
      }
    }
  }

  @Test
  void valuesAndInnerGradientsAreOutputs() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    GradientGraph made =
        Gradient.of(
            graph, shapes, List.of("logits"), List.of("p2", "logits"), List.of("p2"), false);
    assertEquals(List.of("logits", "p2"), List.copyOf(made.values().keySet()));
    assertEquals(List.of("p2", "logits"), List.copyOf(made.gradients().keySet()));
    Map<String, float[]> out;
    float[] cotangent = new float[2 * 80];
    cotangent[3] = 1;
    try (OrtRun run = new OrtRun(made.model())) {
      out =
          run.run(
              Map.of("images", new float[3 * 16 * 16], made.cotangent(), cotangent),
              Map.of("images", new long[] {1, 3, 16, 16}, made.cotangent(), new long[] {1, 2, 80}));
    }
    assertEquals(8 * 4 * 4, out.get(made.gradients().get("p2")).length);
    assertEquals(8 * 4 * 4, out.get(made.values().get("p2")).length);
    assertArrayEquals(
        cotangent, out.get(made.gradients().get("logits")), "the target's own gradient");
  }

  /** A neuron's cotangent is a single 1; a channel's a plane of ones, so the sum of its neurons. */
  @Test
  void aNeuronAndAChannelAreCotangents() {
    OnnxGraph graph = new OnnxGraph(FreeDetector.model());
    GraphShapes shapes = GraphShapes.of(graph, 16, 16);
    GradientGraph made = Gradient.of(graph, shapes, "p2", List.of("images"));
    int channel = 3;
    int cells = 16;
    float[] images = new float[3 * 16 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * 31 % 101 / 101f;
    }
    Map<String, long[]> sizes = new HashMap<>();
    sizes.put("images", new long[] {1, 3, 16, 16});
    sizes.put(made.cotangent(), new long[] {1, 8, 4, 4});
    double[] sum = new double[images.length];
    try (OrtRun run = new OrtRun(made.model())) {
      for (int cell = 0; cell < cells; cell++) {
        float[] cotangent = new float[8 * cells];
        cotangent[channel * cells + cell] = 1;
        Map<String, float[]> in = Map.of("images", images, made.cotangent(), cotangent);
        float[] gradient = run.run(in, sizes).get(made.gradients().get("images"));
        double norm = 0;
        for (int i = 0; i < sum.length; i++) {
          sum[i] += gradient[i];
          norm += (double) gradient[i] * gradient[i];
        }
        double[] value = new double[2];
        for (int side = 0; side < 2; side++) {
          float[] moved = images.clone();
          for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) ((side == 0 ? 0.005 : -0.005) * gradient[i] / Math.sqrt(norm));
          }
          in = Map.of("images", moved, made.cotangent(), cotangent);
          value[side] = run.run(in, sizes).get("p2")[channel * cells + cell];
        }
        assertEquals(Math.sqrt(norm), (value[0] - value[1]) / 0.01, 0.01 * Math.sqrt(norm));
      }
      float[] plane = new float[8 * cells];
      Arrays.fill(plane, channel * cells, (channel + 1) * cells, 1);
      float[] all =
          run.run(Map.of("images", images, made.cotangent(), plane), sizes)
              .get(made.gradients().get("images"));
      for (int i = 0; i < all.length; i++) {
        assertEquals(sum[i], all[i], 1e-5);
      }
    }
  }

  /** Guided backpropagation: a negative gradient does not pass an activation. */
  @Test
  void guidedBackpropagationLetsPositiveGradientsBy() {
    ModelMaker maker = maker().node("Relu", "y", List.of("images"));
    OnnxGraph graph = new OnnxGraph(maker.build());
    GraphShapes shapes = GraphShapes.of(graph, 0, 0);
    GradientGraph guided =
        Gradient.of(graph, shapes, List.of("y"), List.of("images"), List.of(), true);
    float[] images = new float[48];
    float[] cotangents = new float[48];
    float[] expected = new float[48];
    for (int i = 0; i < 48; i++) {
      images[i] = i % 3 - 1;
      cotangents[i] = i % 5 - 2;
      expected[i] = images[i] > 0 ? Math.max(0, cotangents[i]) : 0;
    }
    Map<String, long[]> sizes = new HashMap<>();
    sizes.put("images", new long[] {1, 3, 4, 4});
    sizes.put(guided.cotangent(), new long[] {1, 3, 4, 4});
    try (OrtRun run = new OrtRun(guided.model())) {
      Map<String, float[]> out =
          run.run(Map.of("images", images, guided.cotangent(), cotangents), sizes);
      assertArrayEquals(expected, out.get(guided.gradients().get("images")));
    }
  }

  /** A float16 model is differentiated in float16, and read and written as float32. */
  @Test
  void halfPrecision() {
    ModelProto full = FreeDetector.model();
    ModelProto half = HalfModel.of(full);
    float[] images = new float[3 * 16 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * 31 % 101 / 101f;
    }
    float[][] results = new float[2][];
    for (int i = 0; i < 2; i++) {
      OnnxGraph graph = new OnnxGraph(i == 0 ? full : half);
      GraphShapes shapes = GraphShapes.of(graph, 16, 16);
      GradientGraph made = Gradient.of(graph, shapes, "logits", List.of("images"));
      float[] cotangent = new float[160];
      cotangent[7] = 1;
      try (OrtRun run = new OrtRun(made.model())) {
        Map<String, float[]> out =
            run.run(
                Map.of("images", images, made.cotangent(), cotangent),
                Map.of(
                    "images", new long[] {1, 3, 16, 16}, made.cotangent(), new long[] {1, 2, 80}));
        results[i] = out.get(made.gradients().get("images"));
      }
    }
    double largest = 0;
    for (float value : results[0]) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0.1);
    for (int i = 0; i < results[0].length; i++) {
      assertEquals(results[0][i], results[1][i], 0.01 * largest);
    }
  }
}
