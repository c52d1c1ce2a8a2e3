// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static dev.whybox.graph.Attributes.of;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arithmetic with broadcasting, functions of one number, products. */
class ArithmeticGradientTest {
  private static final long[] X = {-1, 3, 2, 3};

  private static GradientCase function(String op, double low, AttributeProto... attributes) {
    return new GradientCase(
        op + " from " + low,
        17,
        List.of(X),
        low,
        m -> m.node(op, "y", List.of("x0"), attributes),
        false);
  }

  private static GradientCase binary(String op, double low, long[] a, long[] b) {
    return new GradientCase(
        op + b.length, 17, List.of(a, b), low, m -> m.node(op, "y", List.of("x0", "x1")), false);
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  private static Stream<GradientCase> broadcasting() {
    List<GradientCase> cases = new ArrayList<>();
    for (String op : List.of("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max")) {
      double low = op.equals("Div") || op.equals("Pow") ? 0.5 : -1;
      cases.add(binary(op, low, sizes(-1, 3, 2, 3), sizes(-1, 3, 2, 3)));
      cases.add(binary(op, low, sizes(-1, 3, 1, 3), sizes(-1, 1, 4, 1)));
      cases.add(binary(op, low, sizes(-1, 3, 2, 3), sizes(3, 1, 3)));
      cases.add(binary(op, low, sizes(3), sizes(-1, 2, 3)));
      cases.add(binary(op, low, sizes(-1, 2, 3), sizes()));
      cases.add(binary(op, low, sizes(-1, 3, 1), sizes(1, 1)));
    }
    return cases.stream();
  }

  private static Stream<GradientCase> functions() {
    return Stream.of(
        function("Sigmoid", -3),
        function("Sigmoid", 2),
        function("Tanh", -1),
        function("Relu", -1),
        function("LeakyRelu", -1),
        function("LeakyRelu", -1, of("alpha", 0.3f)),
        function("HardSwish", -4),
        function("HardSwish", -1),
        function("HardSwish", 2),
        function("HardSigmoid", -1),
        function("HardSigmoid", -1, of("alpha", 1.5f), of("beta", 0.4f)),
        function("Exp", -1),
        function("Log", 0.3),
        function("Sqrt", 0.3),
        function("Sin", -1),
        function("Cos", -1),
        function("Neg", -1),
        function("Abs", -1),
        function("Reciprocal", 0.4),
        function("Identity", -1));
  }

  private static Stream<GradientCase> patterns() {
    return Stream.of(
        GradientCase.of(
            "SiLU",
            17,
            m -> m.node("Sigmoid", "s", List.of("x0")).node("Mul", "y", List.of("x0", "s")),
            X),
        GradientCase.of(
            "SiLU, turned, with its sigmoid used again",
            13,
            m ->
                m.node("Sigmoid", "s", List.of("x0"))
                    .node("Mul", "a", List.of("s", "x0"))
                    .node("Sub", "y", List.of("a", "s")),
            X),
        GradientCase.of("square", 11, m -> m.node("Mul", "y", List.of("x0", "x0")), X),
        GradientCase.of(
            "fan-out",
            11,
            m ->
                m.node("Sin", "a", List.of("x0"))
                    .node("Mul", "b", List.of("a", "x0"))
                    .node("Add", "c", List.of("b", "a"))
                    .node("Sub", "y", List.of("c", "x0")),
            X),
        GradientCase.of("Pow 2", 17, m -> m.node("Pow", "y", List.of("x0", m.real(2))), X),
        GradientCase.of(
            "Pow 3, a whole number",
            17,
            m -> m.node("Pow", "y", List.of("x0", m.constant(TensorData.longs(3).reshaped()))),
            X),
        GradientCase.of("Pow, a base", 17, m -> m.node("Pow", "y", List.of(m.real(1.7), "x0")), X),
        GradientCase.of(
            "Clip", 11, m -> m.node("Clip", "y", List.of("x0", m.real(-0.4), m.real(0.3))), X),
        GradientCase.of("Clip below", 13, m -> m.node("Clip", "y", List.of("x0", m.real(-0.2))), X),
        GradientCase.of(
            "Clip above", 13, m -> m.node("Clip", "y", List.of("x0", "", m.real(0.2))), X),
        GradientCase.of(
            "Where",
            17,
            m ->
                m.node("Greater", "c", List.of("x0", m.real(0.1)))
                    .node("Mul", "a", List.of("x0", "x1"))
                    .node("Where", "y", List.of("c", "a", "x1")),
            X,
            sizes(2, 3)),
        GradientCase.of(
            "BatchNormalization",
            17,
            m ->
                m.node(
                    "BatchNormalization",
                    "y",
                    List.of("x0", m.weights(3), m.weights(3), m.weights(3), m.weightsFrom(0.5, 3)),
                    of("epsilon", 0.01f)),
            X),
        GradientCase.of(
            "Cast",
            17,
            m ->
                m.node("Cast", "a", List.of("x0"), of("to", 11))
                    .node("Mul", "b", List.of("a", "a"))
                    .node("Cast", "y", List.of("b"), of("to", m.type.getNumber())),
            X));
  }

  private static GradientCase gemm(int transA, int transB, long... third) {
    long[] a = transA == 1 ? sizes(4, 5) : sizes(5, 4);
    long[] b = transB == 1 ? sizes(3, 4) : sizes(4, 3);
    return GradientCase.of(
        "Gemm " + transA + transB + third.length,
        13,
        m ->
            m.node(
                "Gemm",
                "y",
                List.of("x0", "x1", "x2"),
                of("transA", transA),
                of("transB", transB),
                of("alpha", 0.7f),
                of("beta", 1.3f)),
        a,
        b,
        third);
  }

  private static GradientCase matMul(long[] a, long[] b) {
    return GradientCase.of(
        "MatMul " + a.length + b.length, 17, m -> m.node("MatMul", "y", List.of("x0", "x1")), a, b);
  }

  private static Stream<GradientCase> products() {
    return Stream.of(
        matMul(sizes(3, 4), sizes(4, 2)),
        matMul(sizes(-1, 2, 3, 4), sizes(-1, 2, 4, 2)),
        matMul(sizes(-1, 2, 3, 4), sizes(4, 5)),
        matMul(sizes(3, 4), sizes(-1, 4, 2)),
        matMul(sizes(-1, 1, 3, 4), sizes(2, 4, 1)),
        GradientCase.of(
            "MatMul by a constant",
            17,
            m -> m.node("MatMul", "y", List.of("x0", m.weights(4, 5))),
            sizes(-1, 4)),
        GradientCase.of(
            "MatMul of a constant",
            17,
            m -> m.node("MatMul", "y", List.of(m.weights(2, 5, 4), "x0")),
            sizes(-1, 2, 4, 3)),
        gemm(0, 0, 5, 3),
        gemm(0, 1, 3),
        gemm(1, 0, 1, 3),
        gemm(1, 1),
        GradientCase.of(
            "Gemm without a third",
            11,
            m -> m.node("Gemm", "y", List.of("x0", m.weights(5, 4)), of("transB", 1)),
            sizes(-1, 4)));
  }

  static Stream<GradientCase> cases() {
    return Stream.of(broadcasting(), functions(), patterns(), products()).flatMap(c -> c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matchesCentralDifferences(GradientCase gradient) {
    gradient.check();
  }
}
