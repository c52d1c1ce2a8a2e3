// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes nodes and constants in the forms that the model's own operator set knows. */
class NodeWriter {
  private final int opset;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, TensorProto> constants = new LinkedHashMap<>();
  private String scope = "gradient";

  NodeWriter(int opset) {
    this.opset = opset;
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  Map<String, TensorProto> constants() {
    return constants;
  }

  /** What the names of the next nodes begin with. */
  void scope(String name) {
    scope = name;
  }

  String emit(String op, List<String> inputs, AttributeProto... attributes) {
    return emit(op, inputs, 1, attributes).get(0);
  }

  private List<String> emit(
      String op, List<String> inputs, int outputs, AttributeProto... attributes) {
    String name = scope + "/" + op + "_" + nodes.size();
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(name).addAllInput(inputs);
    for (AttributeProto attribute : attributes) {
      node.addAttribute(attribute);
    }
    for (int i = 0; i < outputs; i++) {
      node.addOutput(outputs == 1 ? name : name + "_" + i);
    }
    nodes.add(node.build());
    return node.getOutputList();
  }

  /** Gives the tensor that the last node made another name. */
  void rename(String tensor, String name) {
    NodeProto last = nodes.remove(nodes.size() - 1);
    if (!last.getOutput(0).equals(tensor)) {
      throw new IllegalStateException(tensor + " is not the last tensor");
    }
    nodes.add(last.toBuilder().setOutput(0, name).build());
  }

  String constant(String hint, TensorData value) {
    String name = scope + "/" + hint + "_" + nodes.size() + "_" + constants.size();
    constants.put(name, value.toProto(name));
    return name;
  }

  String scalar(DataType type, double value) {
    String name = "gradient/scalar/" + type + "/" + value;
    constants.computeIfAbsent(name, n -> TensorData.scalar(type, value).toProto(n));
    return name;
  }

  String vector(DataType type, long size, double value) {
    String name = "gradient/vector/" + type + "/" + size + "/" + value;
    constants.computeIfAbsent(
        name, n -> TensorData.filled(type, new long[] {size}, value).toProto(n));
    return name;
  }

  private String longs(long... values) {
    String name = "gradient/sizes/" + Arrays.toString(values);
    constants.computeIfAbsent(name, n -> TensorData.longs(values).toProto(n));
    return name;
  }

  String add(String a, String b) {
    return emit("Add", List.of(a, b));
  }

  String sub(String a, String b) {
    return emit("Sub", List.of(a, b));
  }

  String mul(String a, String b) {
    return emit("Mul", List.of(a, b));
  }

  String div(String a, String b) {
    return emit("Div", List.of(a, b));
  }

  String matMul(String a, String b) {
    return emit("MatMul", List.of(a, b));
  }

  /** 1 where two tensors are equal, else 0. */
  String equal(String a, String b, DataType type) {
    return cast(emit("Equal", List.of(a, b)), type);
  }

  String cast(String x, DataType type) {
    return emit("Cast", List.of(x), Attributes.of("to", type.getNumber()));
  }

  String transpose(String x, long... order) {
    return emit("Transpose", List.of(x), Attributes.of("perm", order));
  }

  /** To a shape of which at most one size depends on the batch. */
  String reshape(String x, long... shape) {
    long[] target = Arrays.stream(shape).map(d -> d < 0 ? -1 : d).toArray();
    return emit("Reshape", List.of(x, longs(target)));
  }

  String reduceSum(String x, long[] axes) {
    AttributeProto keep = Attributes.of("keepdims", 1);
    return opset < 13
        ? emit("ReduceSum", List.of(x), Attributes.of("axes", axes), keep)
        : emit("ReduceSum", List.of(x, longs(axes)), keep);
  }

  String concat(List<String> parts, long axis) {
    return parts.size() == 1 ? parts.get(0) : emit("Concat", parts, Attributes.of("axis", axis));
  }

  List<String> split(String x, long axis, long[] sizes) {
    AttributeProto at = Attributes.of("axis", axis);
    return opset < 13
        ? emit("Split", List.of(x), sizes.length, at, Attributes.of("split", sizes))
        : emit("Split", List.of(x, longs(sizes)), sizes.length, at);
  }

  String slice(String x, long axis, long start, long end, long step) {
    return emit("Slice", List.of(x, longs(start), longs(end), longs(axis), longs(step)));
  }

  /** Grows one axis; nothing where there is nothing to grow. */
  String pad(String x, int rank, int axis, long before, long after, DataType type, double value) {
    if (before == 0 && after == 0) {
      return x;
    }
    long[] pads = new long[2 * rank];
    pads[axis] = before;
    pads[axis + rank] = after;
    return emit("Pad", List.of(x, longs(pads), scalar(type, value)));
  }
}
