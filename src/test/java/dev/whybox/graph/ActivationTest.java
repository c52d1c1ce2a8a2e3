// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static dev.whybox.graph.Attributes.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.ActivationFunction.Kind;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ActivationTest {
  private static List<Activation> found(ModelProto model) {
    OnnxGraph graph = new OnnxGraph(model);
    return Activation.of(graph, GraphShapes.of(graph, 0, 0));
  }

  @Test
  void everyFunctionIsFoundOnce() {
    ModelMaker m = new ModelMaker(17, DataType.FLOAT).input("x", 1, 2, 3, 3);
    m.node("Sigmoid", "gate", List.of("x"));
    m.node("Mul", "silu", List.of("gate", "x"));
    m.node("HardSigmoid", "hard", List.of("silu"), of("alpha", 1 / 6f), of("beta", 0.5f));
    m.node("Mul", "swish", List.of("silu", "hard"));
    m.node("Relu", "relu", List.of("swish"));
    m.node("LeakyRelu", "leaky", List.of("relu"), of("alpha", 0.1f));
    m.node("HardSwish", "own", List.of("leaky"));
    m.node("Clip", "six", List.of("own", m.real(0), m.real(6)));
    m.node("Tanh", "tanh", List.of("six"));
    m.node("Sigmoid", "y", List.of("tanh"));
    List<Activation> found = found(m.output("y", 1, 2, 3, 3).build());
    assertEquals(
        List.of("SiLU", "HardSwish", "ReLU", "LeakyReLU", "HardSwish", "ReLU6", "Tanh", "Sigmoid"),
        found.stream().map(a -> a.function().name()).toList());
    assertEquals("x", found.get(0).input());
    assertEquals("silu", found.get(0).output());
    assertEquals("silu", found.get(1).input());
  }

  @Test
  void gateThatOthersReadIsAFunctionOfItsOwn() {
    ModelMaker m = new ModelMaker(17, DataType.FLOAT).input("x", 1, 2, 3, 3);
    m.node("Sigmoid", "gate", List.of("x"));
    m.node("Mul", "product", List.of("gate", "x"));
    m.node("Add", "y", List.of("gate", "product"));
    List<Activation> found = found(m.output("y", 1, 2, 3, 3).build());
    assertEquals(List.of("Sigmoid"), found.stream().map(a -> a.function().name()).toList());
  }

  @Test
  void sigmoidOfAnotherTensorIsNoSilu() {
    ModelMaker m = new ModelMaker(17, DataType.FLOAT).input("x", 1, 2, 3, 3);
    m.node("Neg", "other", List.of("x"));
    m.node("Sigmoid", "gate", List.of("other"));
    m.node("Mul", "y", List.of("gate", "x"));
    List<Activation> found = found(m.output("y", 1, 2, 3, 3).build());
    assertEquals(List.of("Sigmoid"), found.stream().map(a -> a.function().name()).toList());
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Walks from far outside inwards with central differences. */
  private static void assertBounds(ActivationFunction function, DoubleUnaryOperator value) {
    boolean flat = true;
    boolean straight = true;
    for (double x = 40; x > 0.06; x -= 1 / 64.0) {
      double slope = (value.applyAsDouble(x + 1e-5) - value.applyAsDouble(x - 1e-5)) / 2e-5;
      flat &= Math.abs(slope) < 0.01;
      straight &= Math.abs(slope - 1) < 0.01;
      assertEquals(flat, function.saturated(x), function.name() + " flat at " + x);
      if (!function.name().equals("Tanh")) {
        assertEquals(straight, function.linear(x), function.name() + " straight at " + x);
      }
    }
    flat = true;
    for (double x = -40; x < -0.06; x += 1 / 64.0) {
      double slope = (value.applyAsDouble(x + 1e-5) - value.applyAsDouble(x - 1e-5)) / 2e-5;
      flat &= Math.abs(slope) < 0.01;
      assertEquals(flat, function.saturated(x), function.name() + " flat at " + x);
    }
  }

  @Test
  void boundsFollowFromTheSlopes() {
    assertBounds(ActivationFunction.of(Kind.SILU), x -> x * sigmoid(x));
    assertBounds(ActivationFunction.of(Kind.RELU), x -> Math.max(0, x));
    assertBounds(ActivationFunction.of(Kind.SIGMOID), ActivationTest::sigmoid);
    assertBounds(ActivationFunction.of(Kind.TANH), Math::tanh);
    assertBounds(ActivationFunction.leakyRelu(0.1), x -> Math.max(0.1 * x, x));
    assertBounds(ActivationFunction.leakyRelu(0.001), x -> Math.max(0.001 * x, x));
  }

  @Test
  void tanhIsLinearAroundZero() {
    ActivationFunction tanh = ActivationFunction.of(Kind.TANH);
    assertTrue(tanh.linear(0) && tanh.linear(0.099) && tanh.linear(-0.099));
    assertFalse(tanh.linear(0.102) || tanh.linear(-0.102));
  }
}
