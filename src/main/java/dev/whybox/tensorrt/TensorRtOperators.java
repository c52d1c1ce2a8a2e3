// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The operators that TensorRT's parser accepts, with its conditions, as far as detectors and their
 * gradients use them (operators.md of onnx-tensorrt). A graph is checked before TensorRT sees it,
 * because the parser's own messages come late and name generated layers.
 */
final class TensorRtOperators {
  private static final Set<String> TAKEN =
      Set.of(
          ("Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Clip Concat Constant"
                  + " ConstantOfShape Conv ConvTranspose Cos Div Elu Equal Erf Exp Expand Flatten"
                  + " Floor Gather GatherElements GatherND Gemm GlobalAveragePool GlobalMaxPool"
                  + " Greater GreaterOrEqual HardSigmoid HardSwish Identity LeakyRelu Less"
                  + " LessOrEqual Log"
                  + " MatMul Max MaxPool Min Mul Neg Not Or PRelu Pad Pow Range ReduceMax"
                  + " ReduceMean"
                  + " ReduceMin ReduceProd Reciprocal ReduceSum Relu Reshape Resize Round Shape"
                  + " Sigmoid Sign Sin"
                  + " Slice Softmax Softplus Split Sqrt Squeeze Sub Sum Tanh Tile TopK Transpose"
                  + " Unsqueeze Where")
              .split(" "));

  private static final int SHOWN = 3;

  private final Set<String> constants = new HashSet<>();

  private TensorRtOperators(GraphProto graph) {
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.add(tensor.getName());
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant")) {
        constants.addAll(node.getOutputList());
      }
    }
  }

  /**
   * Throws if TensorRT would refuse the graph.
   *
   * @param model the graph
   * @param name its name in the message
   * @throws UnsupportedGraph if it would; the message names the nodes
   */
  static void check(ModelProto model, String name) {
    List<String> refused = refused(model);
    if (!refused.isEmpty()) {
      String more =
          refused.size() > SHOWN ? "; and " + (refused.size() - SHOWN) + " nodes more" : "";
      throw new UnsupportedGraph(
          name
              + ": TensorRT does not accept the graph: "
              + String.join("; ", refused.subList(0, Math.min(SHOWN, refused.size())))
              + more
              + ". Take --device cpu, or export the model as float32 or float16 with opset=17.");
    }
  }

  /** The nodes that TensorRT would refuse, with the reasons. */
  static List<String> refused(ModelProto model) {
    TensorRtOperators operators = new TensorRtOperators(model.getGraph());
    List<String> refused = new ArrayList<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      String problem = operators.problem(node);
      if (problem != null) {
        refused.add("%s (%s) %s".formatted(node.getOpType(), node.getOutput(0), problem));
      }
    }
    return refused;
  }

  private String problem(NodeProto node) {
    boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
    if (!standard || !TAKEN.contains(node.getOpType())) {
      return "is an operator that it does not support";
    }
    return switch (node.getOpType()) {
      case "MaxPool" -> node.getOutputCount() > 1 ? "has an Indices output" : dilated(node);
      case "AveragePool" -> dilated(node);
      case "Conv", "ConvTranspose" ->
          attribute(node, "output_shape") != null ? "has an output_shape" : constant(node, 1);
      case "Slice" -> constant(node, 3);
      case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "Squeeze" ->
          constant(node, 1);
      case "Unsqueeze", "Pad", "TopK", "Tile", "Split" -> constant(node, 1);
      default -> null;
    };
  }

  private static String dilated(NodeProto node) {
    AttributeProto dilations = attribute(node, "dilations");
    return dilations != null && dilations.getIntsList().stream().anyMatch(d -> d != 1)
        ? "is dilated"
        : null;
  }

  /**
   * The problem of an input that must be constant, or null. An input that is left out counts as
   * constant.
   */
  private String constant(NodeProto node, int input) {
    boolean known =
        node.getInputCount() <= input
            || node.getInput(input).isEmpty()
            || constants.contains(node.getInput(input));
    return known ? null : "has an input " + input + " that is not constant";
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
