// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The operators that work element by element, and how to compute them on constants. */
final class Elementwise {
  static final Map<String, DoubleUnaryOperator> UNARY =
      Map.ofEntries(
          Map.entry("Identity", x -> x),
          Map.entry("Dropout", x -> x),
          Map.entry("Neg", x -> -x),
          Map.entry("Abs", Math::abs),
          Map.entry("Floor", Math::floor),
          Map.entry("Ceil", Math::ceil),
          Map.entry("Round", Math::rint),
          Map.entry("Sign", Math::signum),
          Map.entry("Sqrt", Math::sqrt),
          Map.entry("Exp", Math::exp),
          Map.entry("Log", Math::log),
          Map.entry("Sin", Math::sin),
          Map.entry("Cos", Math::cos),
          Map.entry("Tanh", Math::tanh),
          Map.entry("Reciprocal", x -> 1 / x),
          Map.entry("Sigmoid", x -> 1 / (1 + Math.exp(-x))),
          Map.entry("Relu", x -> Math.max(0, x)),
          Map.entry("HardSwish", x -> x * Math.max(0, Math.min(1, x / 6 + 0.5))),
          Map.entry("Not", x -> x == 0 ? 1 : 0));

  static final Map<String, DoubleBinaryOperator> BINARY =
      Map.ofEntries(
          Map.entry("Add", (a, b) -> a + b),
          Map.entry("Sum", (a, b) -> a + b),
          Map.entry("Sub", (a, b) -> a - b),
          Map.entry("Mul", (a, b) -> a * b),
          Map.entry("Div", (a, b) -> a / b),
          Map.entry("Pow", Math::pow),
          Map.entry("Min", Math::min),
          Map.entry("Max", Math::max),
          Map.entry("Equal", (a, b) -> a == b ? 1 : 0),
          Map.entry("Less", (a, b) -> a < b ? 1 : 0),
          Map.entry("LessOrEqual", (a, b) -> a <= b ? 1 : 0),
          Map.entry("Greater", (a, b) -> a > b ? 1 : 0),
          Map.entry("GreaterOrEqual", (a, b) -> a >= b ? 1 : 0),
          Map.entry("And", (a, b) -> a != 0 && b != 0 ? 1 : 0),
          Map.entry("Or", (a, b) -> a != 0 || b != 0 ? 1 : 0));

  static final Set<String> COMPARISONS =
      Set.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or");

  private Elementwise() {}

  static TensorData unary(String op, TensorData x) {
    DoubleUnaryOperator function = UNARY.get(op);
    double[] values = new double[x.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded(x.type(), function.applyAsDouble(x.values()[i]));
    }
    return new TensorData(x.type(), x.shape(), values);
  }

  static TensorData binary(String op, TensorData a, TensorData b) {
    long[] shape = Dims.broadcast(a.shape(), b.shape());
    DoubleBinaryOperator function = BINARY.get(op);
    DataType type = COMPARISONS.contains(op) ? DataType.BOOL : a.type();
    long[] first = Dims.stridesAs(a.shape(), shape);
    long[] second = Dims.stridesAs(b.shape(), shape);
    double[] values = new double[Math.toIntExact(Dims.count(shape))];
    for (int i = 0; i < values.length; i++) {
      double x = a.values()[(int) Dims.offset(i, shape, first)];
      double y = b.values()[(int) Dims.offset(i, shape, second)];
      values[i] = rounded(type, function.applyAsDouble(x, y));
    }
    return new TensorData(type, shape, values);
  }

  /** Rounds a number to a type. Integer types cut towards zero, as Cast and Div do. */
  static double rounded(DataType type, double value) {
    return switch (type) {
      case DOUBLE -> value;
      case FLOAT -> (float) value;
      case FLOAT16 -> Half.value(Half.bits(value));
      case BOOL -> value != 0 ? 1 : 0;
      case INT64, INT32, INT16, INT8, UINT8 -> value < 0 ? Math.ceil(value) : Math.floor(value);
      default -> value;
    };
  }
}
