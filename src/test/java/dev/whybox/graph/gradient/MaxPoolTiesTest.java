// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.Interpreter;
import dev.whybox.graph.ModelMaker;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where several elements are a window's maximum: each gets a share, and no share is lost. */
class MaxPoolTiesTest {

  private static void pool(ModelMaker maker, String from, String to, long kernel) {
    long[] pads = {kernel / 2, kernel / 2, kernel / 2, kernel / 2};
    maker.node(
        "MaxPool",
        to,
        List.of(from),
        Attributes.of("kernel_shape", new long[] {kernel, kernel}),
        Attributes.of("pads", pads),
        Attributes.of("strides", new long[] {1, 1}));
  }

  private static double[] gradient(
      ModelMaker maker, double[] x, double[] cotangent, long... shape) {
    OnnxGraph graph = new OnnxGraph(maker.build());
    GraphShapes shapes = GraphShapes.of(graph, Map.of("x0", shape));
    GradientGraph made = Gradient.of(graph, shapes, "y", List.of("x0"));
    TensorData image = TensorData.of(DataType.DOUBLE, shape, x);
    TensorData weights = TensorData.of(DataType.DOUBLE, made.targetShape(), cotangent);
    return Interpreter.run(made.model(), Map.of("x0", image, made.cotangent(), weights))
        .get(made.gradients().get("x0"))
        .values();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @Test
  void aPlateauShares() {
    ModelMaker maker = new ModelMaker(17, DataType.DOUBLE).input("x0", 1, 1, 3, 3);
    maker.node(
        "MaxPool",
        "y",
        List.of("x0"),
        Attributes.of("kernel_shape", new long[] {3, 3}),
        Attributes.of("strides", new long[] {1, 1}));
    double[] flat = gradient(maker, new double[9], new double[] {9}, 1, 1, 3, 3);
    assertEquals(Arrays.toString(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}), Arrays.toString(flat));
    double[] two = {0, 0, 7, 0, 7, 0, 1, 2, 3};
    double[] shared = gradient(maker, two, new double[] {9}, 1, 1, 3, 3);
    assertEquals(4.5, shared[2]);
    assertEquals(4.5, shared[4]);
    assertEquals(9, sum(shared));
  }

  @Test
  void aChainOfPoolsKeepsTheSum() {
    // SPPF: what is pooled is pooled again; all four maps are joined.
    ModelMaker maker = new ModelMaker(17, DataType.DOUBLE).input("x0", 1, 2, 9, 8);
    pool(maker, "x0", "a", 5);
    pool(maker, "a", "b", 5);
    pool(maker, "b", "c", 5);
    maker.node("Concat", "y", List.of("x0", "a", "b", "c"), Attributes.of("axis", 1));
    double[] x = new double[2 * 9 * 8];
    double[] cotangent = new double[4 * x.length];
    for (int i = 0; i < x.length; i++) {
      // Many equal numbers, and a plateau of zeros.
      x[i] = i % 11 < 3 ? 0 : i * 7 % 5;
    }
    Arrays.setAll(cotangent, i -> 1 + i % 3);
    double[] gradient = gradient(maker, x, cotangent, 1, 2, 9, 8);
    assertEquals(sum(cotangent), sum(gradient), 1e-9);
    assertTrue(Arrays.stream(gradient).allMatch(g -> g >= 1), "each element is in the first map");
    // Of the last map alone: everything goes to the elements equal to the maximum around them.
    Arrays.fill(cotangent, 0, 3 * x.length, 0);
    double[] last = gradient(maker, x, cotangent, 1, 2, 9, 8);
    assertEquals(sum(cotangent), sum(last), 1e-9);
    for (int i = 0; i < x.length; i++) {
      assertTrue(last[i] == 0 || x[i] == 4, "element " + i + " is no maximum of 13×13");
    }
  }

  @Test
  void withoutTiesAChainGoesToTheOnlyMaximum() {
    ModelMaker maker = new ModelMaker(11, DataType.DOUBLE).input("x0", 1, 1, 7, 7);
    pool(maker, "x0", "a", 5);
    pool(maker, "a", "b", 5);
    pool(maker, "b", "y", 5);
    double[] x = new double[49];
    Arrays.setAll(x, i -> i * 30 % 49);
    double[] cotangent = new double[49];
    Arrays.setAll(cotangent, i -> 1 + i);
    double[] gradient = gradient(maker, x, cotangent, 1, 1, 7, 7);
    double[] expected = new double[49];
    for (int i = 0; i < 49; i++) {
      int best = -1;
      for (int j = 0; j < 49; j++) {
        boolean near = Math.abs(i / 7 - j / 7) <= 6 && Math.abs(i % 7 - j % 7) <= 6;
        best = near && (best < 0 || x[j] > x[best]) ? j : best;
      }
      expected[best] += cotangent[i];
    }
    for (int i = 0; i < 49; i++) {
      assertEquals(expected[i], gradient[i], 1e-9, "element " + i);
    }
  }
}
