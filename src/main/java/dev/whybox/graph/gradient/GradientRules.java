// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which rule belongs to which operator, and what operators a gradient graph may hold. */
final class GradientRules {
  private static final Map<String, GradientRule> RULES =
      Map.ofEntries(
          Map.entry("Conv", ConvolutionRules::conv),
          Map.entry("ConvTranspose", ConvolutionRules::convTranspose),
          Map.entry("MaxPool", MaxPoolRule::apply),
          Map.entry("AveragePool", AveragePoolRules::pool),
          Map.entry("GlobalAveragePool", AveragePoolRules::global),
          Map.entry("Add", ArithmeticRules::add),
          Map.entry("Sum", ArithmeticRules::add),
          Map.entry("Sub", ArithmeticRules::sub),
          Map.entry("Mul", ArithmeticRules::mul),
          Map.entry("Div", ArithmeticRules::div),
          Map.entry("Pow", ArithmeticRules::pow),
          Map.entry("Min", ArithmeticRules::extreme),
          Map.entry("Max", ArithmeticRules::extreme),
          Map.entry("Where", ArithmeticRules::where),
          Map.entry("Sigmoid", FunctionRules.activation(FunctionRules::sigmoid)),
          Map.entry("Tanh", FunctionRules.activation(FunctionRules::tanh)),
          Map.entry("Relu", FunctionRules.activation(FunctionRules::relu)),
          Map.entry("LeakyRelu", FunctionRules.activation(FunctionRules::leakyRelu)),
          Map.entry("HardSwish", FunctionRules.activation(FunctionRules::hardSwish)),
          Map.entry("HardSigmoid", FunctionRules.activation(FunctionRules::hardSigmoid)),
          Map.entry("Clip", FunctionRules.activation(FunctionRules::clip)),
          Map.entry("Exp", FunctionRules.of((step, write) -> step.out(0))),
          Map.entry(
              "Log", FunctionRules.of((step, write) -> write.div(step.scalar(1), step.in(0)))),
          Map.entry("Sqrt", FunctionRules.of(FunctionRules::sqrt)),
          Map.entry("Abs", FunctionRules.of(FunctionRules::abs)),
          Map.entry("Reciprocal", FunctionRules.of(FunctionRules::reciprocal)),
          Map.entry("Neg", FunctionRules.of((step, write) -> step.scalar(-1))),
          Map.entry(
              "Sin", FunctionRules.of((step, write) -> step.emit("Cos", List.of(step.in(0))))),
          Map.entry("Cos", FunctionRules.of(FunctionRules::cos)),
          Map.entry("Identity", MovementRules::same),
          Map.entry("Dropout", MovementRules::same),
          Map.entry("Cast", MovementRules::cast),
          Map.entry("Reshape", MovementRules::reshape),
          Map.entry("Flatten", MovementRules::reshape),
          Map.entry("Squeeze", MovementRules::reshape),
          Map.entry("Unsqueeze", MovementRules::reshape),
          Map.entry("Transpose", MovementRules::transpose),
          Map.entry("Expand", MovementRules::expand),
          Map.entry("Concat", MovementRules::concat),
          Map.entry("Split", MovementRules::split),
          Map.entry("Slice", MovementRules::slice),
          Map.entry("Gather", MovementRules::gather),
          Map.entry("Pad", MovementRules::pad),
          Map.entry("Resize", Picks::resize),
          Map.entry("MatMul", ProductRules::matMul),
          Map.entry("Gemm", ProductRules::gemm),
          Map.entry("ReduceSum", AxisRules::sum),
          Map.entry("ReduceMean", AxisRules::mean),
          Map.entry("ReduceMax", AxisRules::max),
          Map.entry("Softmax", AxisRules::softmax),
          Map.entry("BatchNormalization", AxisRules::batchNormalization));

  /** What the way back is written with: operators that ONNX Runtime and TensorRT both take. */
  static final Set<String> WRITTEN =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Log",
          "Sin",
          "Cos",
          "Relu",
          "Sigmoid",
          "Equal",
          "Greater",
          "Less",
          "Where",
          "Cast",
          "Identity",
          "Reshape",
          "Transpose",
          "Concat",
          "Split",
          "Slice",
          "Gather",
          "Pad",
          "MatMul",
          "Gemm",
          "ReduceSum",
          "BatchNormalization");

  private GradientRules() {}

  /** The rule, or null. */
  static GradientRule of(NodeProto node) {
    boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
    return standard ? RULES.get(node.getOpType()) : null;
  }
}
