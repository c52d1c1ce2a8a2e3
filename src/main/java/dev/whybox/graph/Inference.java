// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Infers shapes, types and constants in one walk through a graph with concrete input sizes. */
final class Inference {
  /**
   * The largest constant, in elements, that is computed. Larger ones would only make the file
   * larger.
   */
  private static final long MAX_CONSTANT = 1 << 23;

  /** More elements than any tensor of a model has; beyond, arithmetic on sizes would overflow. */
  private static final long MAX_ELEMENTS = 1L << 40;

  private final Map<String, Known> tensors = new HashMap<>();

  Inference(OnnxGraph graph, Map<String, long[]> inputs) {
    for (TensorProto tensor : graph.model().getGraph().getInitializerList()) {
      tensors.put(tensor.getName(), Known.constant(tensor));
    }
    for (ValueInfoProto input : graph.inputs().values()) {
      long[] shape = inputs.get(input.getName());
      if (shape != null) {
        int type = input.getType().getTensorType().getElemType();
        tensors.put(input.getName(), Known.sized(DataType.forNumber(type), shape));
      }
    }
    for (NodeProto node : graph.nodes()) {
      visit(node, graph.opset());
    }
  }

  private void visit(NodeProto node, int opset) {
    List<Known> in = new ArrayList<>();
    for (String name : node.getInputList()) {
      in.add(name.isEmpty() ? null : tensors.get(name));
    }
    List<Known> out;
    try {
      out = standard(node) ? evaluate(node, in, opset) : null;
      out = out == null && standard(node) ? ShapeRules.infer(node, in, opset) : out;
      for (Known known : out == null ? List.<Known>of() : out) {
        checkSizes(known.shape());
      }
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException
        | NullPointerException
        | NegativeArraySizeException e) {
      // The rules take for granted what the operators' specifications say of inputs and attributes.
      throw new UnsupportedGraph(
          OnnxGraph.describe(node)
              + " does not fit its inputs "
              + in.stream().map(k -> k == null ? "?" : Arrays.toString(k.shape())).toList()
              + ": "
              + (e instanceof NullPointerException ? "an input is missing" : e.getMessage())
              + ". Either the file is damaged, or its constants were made for another input size"
              + " or batch.");
    }
    for (int i = 0; out != null && i < Math.min(out.size(), node.getOutputCount()); i++) {
      tensors.put(node.getOutput(i), out.get(i));
    }
  }

  private static void checkSizes(long[] shape) {
    if (Arrays.stream(shape).anyMatch(size -> size < 0) || Dims.count(shape) > MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "the result would have the sizes " + Arrays.toString(shape));
    }
  }

  private static boolean standard(NodeProto node) {
    return (node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx"))
        && !OnnxGraph.hasSubgraph(node);
  }

  private List<Known> evaluate(NodeProto node, List<Known> in, int opset) {
    long size = 0;
    List<TensorData> values = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Known known = in.get(i);
      boolean leftOut = node.getInput(i).isEmpty();
      if (!leftOut && (known == null || !known.isConstant())) {
        return null;
      }
      size += leftOut ? 0 : Dims.count(known.shape());
    }
    if (size > MAX_CONSTANT) {
      return null;
    }
    for (Known known : in) {
      values.add(known == null ? null : known.value());
    }
    List<TensorData> out = ConstantFolder.evaluate(node, values, opset);
    return out == null ? null : out.stream().map(Known::constant).toList();
  }

  /** The known facts about a tensor, or null. */
  Known get(String tensor) {
    return tensors.get(tensor);
  }
}
