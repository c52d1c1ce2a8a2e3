// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** Computes constant nodes. It knows the operators that make shapes, anchors and weights. */
public final class ConstantFolder {
  private ConstantFolder() {}

  /**
   * Computes the outputs of a node whose inputs are all known; null stands for an input that is
   * left out.
   *
   * @return the outputs, or null if the operator is not known here
   */
  static List<TensorData> evaluate(NodeProto node, List<TensorData> in, int opset) {
    String op = node.getOpType();
    Attributes attributes = new Attributes(node);
    TensorData x = in.isEmpty() ? null : in.get(0);
    if (Elementwise.UNARY.containsKey(op)) {
      return List.of(Elementwise.unary(op, x));
    }
    if (Elementwise.BINARY.containsKey(op)) {
      TensorData result = x;
      for (int i = 1; i < in.size(); i++) {
        result = Elementwise.binary(op, result, in.get(i));
      }
      return List.of(result);
    }
    return switch (op) {
      case "Constant" -> constant(attributes);
      case "ConstantOfShape" -> List.of(constantOfShape(attributes, x));
      case "Cast" -> List.of(cast(x, Known.type(attributes.integer("to", 1))));
      case "Range" -> List.of(range(x, in.get(1), in.get(2)));
      case "Gather" -> List.of(gather(x, in.get(1), (int) attributes.integer("axis", 0)));
      case "Concat" -> List.of(concat(in, (int) attributes.integer("axis", 0)));
      case "Slice" -> List.of(slice(x, SliceRange.of(in, x.shape())));
      case "Split" -> split(x, node, in, opset);
      case "Transpose" -> List.of(transpose(x, attributes.integers("perm")));
      case "Expand" -> {
        long[] shape = Dims.broadcast(x.shape(), in.get(1).asLongs());
        yield List.of(x.expanded(shape));
      }
      case "Tile" -> List.of(tile(x, in.get(1).asLongs()));
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" ->
          List.of(x.reshaped(AxisShapes.reshaped(node, x.shape(), in, opset)));
      case "Where" -> List.of(where(x, in.get(1), in.get(2)));
      case "ReduceSum" -> reduce(node, in, opset, 0, Double::sum);
      case "ReduceProd" -> reduce(node, in, opset, 1, (a, b) -> a * b);
      case "ReduceMax" -> reduce(node, in, opset, Double.NEGATIVE_INFINITY, Math::max);
      case "ReduceMin" -> reduce(node, in, opset, Double.POSITIVE_INFINITY, Math::min);
      case "DequantizeLinear" -> List.of(dequantize(attributes, in));
      default -> null;
    };
  }

  private static List<TensorData> constant(Attributes attributes) {
    TensorProto value = attributes.tensor("value");
    if (value != null) {
      return List.of(TensorData.of(value));
    }
    if (attributes.has("value_int")) {
      return List.of(TensorData.scalar(DataType.INT64, attributes.integer("value_int", 0)));
    }
    if (attributes.has("value_float")) {
      return List.of(TensorData.scalar(DataType.FLOAT, attributes.real("value_float", 0)));
    }
    if (attributes.has("value_ints")) {
      return List.of(TensorData.longs(attributes.integers("value_ints")));
    }
    return null;
  }

  private static TensorData constantOfShape(Attributes attributes, TensorData shape) {
    TensorProto value = attributes.tensor("value");
    TensorData fill = value == null ? TensorData.scalar(DataType.FLOAT, 0) : TensorData.of(value);
    return TensorData.filled(fill.type(), shape.asLongs(), fill.values()[0]);
  }

  /**
   * Converts a tensor to another type.
   *
   * @param x the tensor
   * @param type the new type
   * @return values rounded to the type, in the same shape
   */
  public static TensorData cast(TensorData x, DataType type) {
    double[] values = Arrays.stream(x.values()).map(v -> Elementwise.rounded(type, v)).toArray();
    return new TensorData(type, x.shape(), values);
  }

  private static TensorData range(TensorData start, TensorData limit, TensorData step) {
    double first = start.values()[0];
    double by = step.values()[0];
    int count = TensorData.room((long) Math.max(0, Math.ceil((limit.values()[0] - first) / by)));
    double[] values = new double[count];
    Arrays.setAll(values, i -> Elementwise.rounded(start.type(), first + i * by));
    return new TensorData(start.type(), new long[] {count}, values);
  }

  private static TensorData gather(TensorData x, TensorData indices, int axis) {
    int at = Dims.axis(axis, x.shape().length);
    long[] shape = AxisShapes.gathered(x.shape(), indices.shape(), at);
    long inner = Dims.count(Arrays.copyOfRange(x.shape(), at + 1, x.shape().length));
    long size = x.shape()[at];
    int picks = indices.values().length;
    double[] values = new double[TensorData.room(Dims.count(shape))];
    for (int i = 0; i < values.length; i++) {
      long pick = (long) indices.values()[(int) (i / inner % picks)];
      long from = (i / inner / picks * size + (pick < 0 ? pick + size : pick)) * inner + i % inner;
      values[i] = x.values()[(int) from];
    }
    return new TensorData(x.type(), shape, values);
  }

  private static TensorData concat(List<TensorData> parts, int axis) {
    TensorData first = parts.get(0);
    int at = Dims.axis(axis, first.shape().length);
    long[] shape = AxisShapes.concatenated(parts.stream().map(TensorData::shape).toList(), at);
    double[] values = new double[TensorData.room(Dims.count(shape))];
    int outer = (int) Dims.count(Arrays.copyOf(shape, at));
    int row = outer == 0 ? 0 : values.length / outer;
    int done = 0;
    for (TensorData part : parts) {
      int own = outer == 0 ? 0 : part.values().length / outer;
      for (int o = 0; o < outer; o++) {
        System.arraycopy(part.values(), o * own, values, o * row + done, own);
      }
      done += own;
    }
    return new TensorData(first.type(), shape, values);
  }

  /**
   * Cuts a part out of a tensor.
   *
   * @param x the tensor
   * @param range the part, one entry per axis
   * @return a tensor of the range's sizes
   */
  public static TensorData slice(TensorData x, SliceRange range) {
    long[] strides = Dims.strides(x.shape());
    long offset = 0;
    for (int i = 0; i < strides.length; i++) {
      offset += range.starts()[i] * strides[i];
      strides[i] *= range.steps()[i];
    }
    return x.view(range.sizes(), strides, offset);
  }

  private static List<TensorData> split(
      TensorData x, NodeProto node, List<TensorData> in, int opset) {
    int axis = Dims.axis(new Attributes(node).integer("axis", 0), x.shape().length);
    List<TensorData> parts = new ArrayList<>();
    long start = 0;
    for (long size : AxisShapes.splitSizes(node, x.shape()[axis], in, opset)) {
      parts.add(slice(x, SliceRange.along(x.shape(), axis, start, start + size)));
      start += size;
    }
    return parts;
  }

  private static TensorData transpose(TensorData x, long[] order) {
    int rank = x.shape().length;
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> order == null ? rank - 1 - i : (int) order[i]);
    return x.transposed(axes);
  }

  private static TensorData tile(TensorData x, long[] repeats) {
    TensorData result = x;
    for (int axis = 0; axis < repeats.length; axis++) {
      List<TensorData> copies = new ArrayList<>();
      for (long i = 0; i < repeats[axis]; i++) {
        copies.add(result);
      }
      result = concat(copies, axis);
    }
    return result;
  }

  private static TensorData where(TensorData condition, TensorData a, TensorData b) {
    long[] shape = Dims.broadcast(condition.shape(), Dims.broadcast(a.shape(), b.shape()));
    TensorData choice = condition.expanded(shape);
    TensorData yes = a.expanded(shape);
    double[] values = b.expanded(shape).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = choice.values()[i] != 0 ? yes.values()[i] : values[i];
    }
    return new TensorData(a.type(), shape, values);
  }

  private static List<TensorData> reduce(
      NodeProto node, List<TensorData> in, int opset, double start, DoubleBinaryOperator function) {
    TensorData x = in.get(0);
    boolean[] reduced = AxisShapes.reducedAxes(node, x.shape().length, in, opset);
    long[] kept = x.shape().clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = reduced[i] ? 1 : kept[i];
    }
    long[] strides = Dims.stridesAs(kept, x.shape());
    double[] values = new double[Math.toIntExact(Dims.count(kept))];
    Arrays.fill(values, start);
    for (int i = 0; i < x.values().length; i++) {
      int at = (int) Dims.offset(i, x.shape(), strides);
      values[at] = function.applyAsDouble(values[at], x.values()[i]);
    }
    Arrays.setAll(values, i -> Elementwise.rounded(x.type(), values[i]));
    return List.of(new TensorData(x.type(), AxisShapes.reduced(node, x.shape(), reduced), values));
  }

  /**
   * The values of weights stored in eight bits: (x − zero) · scale, with one scale per tensor or
   * per channel.
   */
  private static TensorData dequantize(Attributes attributes, List<TensorData> in) {
    TensorData x = in.get(0);
    TensorData scale = in.get(1);
    TensorData zero = in.size() > 2 && in.get(2) != null ? in.get(2) : null;
    long[] aligned = new long[x.shape().length];
    Arrays.fill(aligned, 1);
    if (scale.values().length > 1) {
      int axis = Dims.axis(attributes.integer("axis", 1), aligned.length);
      aligned[axis] = scale.values().length;
    }
    TensorData shifted =
        zero == null
            ? cast(x, DataType.FLOAT)
            : Elementwise.binary(
                "Sub",
                cast(x, DataType.FLOAT),
                cast(zero, DataType.FLOAT)
                    .reshaped(scale.values().length > 1 ? aligned : zero.shape()));
    return Elementwise.binary(
        "Mul", shifted, scale.reshaped(scale.values().length > 1 ? aligned : scale.shape()));
  }
}
