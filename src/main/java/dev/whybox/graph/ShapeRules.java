// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The sizes and types of each operator's outputs, by the ONNX specification, for concrete sizes.
 */
final class ShapeRules {
  private static final Set<String> SAME_AS_FIRST =
      Set.of(
          "Softmax",
          "LogSoftmax",
          "BatchNormalization",
          "InstanceNormalization",
          "Clip",
          "LeakyRelu",
          "Elu",
          "Selu",
          "PRelu",
          "HardSigmoid",
          "Softplus",
          "Softsign",
          "Erf",
          "Gelu",
          "Mish",
          "LayerNormalization",
          "CumSum",
          "ScatterND",
          "ScatterElements");
  private static final Set<String> REDUCTIONS =
      Set.of(
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare",
          "ReduceLogSumExp");

  private ShapeRules() {}

  /**
   * Infers the outputs of a node.
   *
   * @param in the known facts about its inputs; null for an input that is left out or unknown
   * @return one entry per output, or null if the operator or a size is unknown
   * @throws IllegalArgumentException if the sizes contradict the operator
   */
  static List<Known> infer(NodeProto node, List<Known> in, int opset) {
    String op = node.getOpType();
    Attributes attributes = new Attributes(node);
    Known x = in.isEmpty() ? null : in.get(0);
    if (x == null) {
      return null;
    }
    if (SAME_AS_FIRST.contains(op) || Elementwise.UNARY.containsKey(op)) {
      return List.of(x);
    }
    if (Elementwise.BINARY.containsKey(op)) {
      return binary(op, in);
    }
    if (REDUCTIONS.contains(op)) {
      List<TensorData> values = values(in);
      boolean constantAxes = opset < (op.equals("ReduceSum") ? 13 : 18) || in.size() < 2;
      if (!constantAxes && values.get(1) == null) {
        return null;
      }
      boolean[] axes = AxisShapes.reducedAxes(node, x.shape().length, values, opset);
      return one(x, AxisShapes.reduced(node, x.shape(), axes));
    }
    return switch (op) {
      case "ArgMax", "ArgMin" -> {
        boolean[] axes = new boolean[x.shape().length];
        axes[Dims.axis(attributes.integer("axis", 0), axes.length)] = true;
        yield List.of(Known.sized(DataType.INT64, AxisShapes.reduced(node, x.shape(), axes)));
      }
      case "Shape", "Size" -> List.of(shapeOf(op, attributes, x));
      case "Cast" -> List.of(Known.sized(Known.type(attributes.integer("to", 1)), x.shape()));
      case "Where" -> {
        Known yes = in.get(1);
        Known no = in.get(2);
        yield yes == null || no == null
            ? null
            : one(yes, Dims.broadcast(x.shape(), Dims.broadcast(yes.shape(), no.shape())));
      }
      case "Conv", "ConvInteger" -> {
        if (in.get(1) == null) {
          yield null;
        }
        long[] shape = conv(attributes, x.shape(), in.get(1).shape());
        yield op.equals("Conv") ? one(x, shape) : List.of(Known.sized(DataType.INT32, shape));
      }
      case "ConvTranspose" ->
          in.get(1) == null
              ? null
              : one(x, convTranspose(attributes, x.shape(), in.get(1).shape()));
      case "MaxPool", "AveragePool" -> {
        long[] spatial = Arrays.copyOfRange(x.shape(), 2, x.shape().length);
        Window window = Window.of(attributes, attributes.integers("kernel_shape"), spatial);
        yield one(x, withSpatial(x.shape(), x.shape()[1], window.outputs(spatial)));
      }
      case "GlobalAveragePool", "GlobalMaxPool" -> {
        long[] shape = x.shape().clone();
        Arrays.fill(shape, 2, shape.length, 1);
        yield one(x, shape);
      }
      case "Concat" -> {
        if (in.contains(null)) {
          yield null;
        }
        int axis = Dims.axis(attributes.integer("axis", 0), x.shape().length);
        yield one(x, AxisShapes.concatenated(in.stream().map(Known::shape).toList(), axis));
      }
      case "Split" -> split(node, x, values(in), opset);
      case "Slice" -> missing(in, 1) ? null : one(x, SliceRange.of(values(in), x.shape()).sizes());
      case "Gather" -> {
        int axis = Dims.axis(attributes.integer("axis", 0), x.shape().length);
        yield in.get(1) == null
            ? null
            : one(x, AxisShapes.gathered(x.shape(), in.get(1).shape(), axis));
      }
      case "Transpose" -> one(x, transposed(x.shape(), attributes.integers("perm")));
      case "Reshape" ->
          missing(in, 1) ? null : one(x, AxisShapes.reshaped(node, x.shape(), values(in), opset));
      case "Flatten" -> one(x, AxisShapes.reshaped(node, x.shape(), values(in), opset));
      case "Squeeze", "Unsqueeze" ->
          in.size() > 1 && missing(in, 1)
              ? null
              : one(x, AxisShapes.reshaped(node, x.shape(), values(in), opset));
      case "Expand" ->
          missing(in, 1) ? null : one(x, Dims.broadcast(x.shape(), in.get(1).value().asLongs()));
      case "Tile" -> missing(in, 1) ? null : one(x, tiled(x.shape(), in.get(1).value().asLongs()));
      case "Pad" -> missing(in, 1) ? null : one(x, padded(x.shape(), in));
      case "Resize" -> resize(x, in);
      case "MatMul" -> in.get(1) == null ? null : one(x, product(x.shape(), in.get(1).shape()));
      case "Gemm" -> {
        if (in.get(1) == null) {
          yield null;
        }
        long[] b = in.get(1).shape();
        long rows = x.shape()[attributes.integer("transA", 0) == 1 ? 1 : 0];
        yield one(x, rows, b[attributes.integer("transB", 0) == 1 ? 0 : 1]);
      }
      case "DynamicQuantizeLinear" ->
          List.of(
              Known.sized(DataType.UINT8, x.shape()),
              Known.sized(DataType.FLOAT),
              Known.sized(DataType.UINT8));
      case "QuantizeLinear" ->
          List.of(
              Known.sized(
                  in.size() > 2 && in.get(2) != null ? in.get(2).type() : DataType.UINT8,
                  x.shape()));
      case "DequantizeLinear" -> List.of(Known.sized(DataType.FLOAT, x.shape()));
      default -> null;
    };
  }

  private static List<Known> one(Known like, long... shape) {
    return List.of(Known.sized(like.type(), shape));
  }

  private static boolean missing(List<Known> in, int i) {
    return in.get(i) == null || !in.get(i).isConstant();
  }

  private static List<TensorData> values(List<Known> in) {
    List<TensorData> result = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      // The first input is data and may be large, so its values are not read. The others are
      // parameters.
      boolean read = i > 0 && in.get(i) != null && in.get(i).isConstant();
      result.add(read ? in.get(i).value() : null);
    }
    return result;
  }

  private static List<Known> binary(String op, List<Known> in) {
    long[] shape = in.get(0).shape();
    for (Known other : in) {
      if (other == null) {
        return null;
      }
      shape = Dims.broadcast(shape, other.shape());
    }
    DataType type = Elementwise.COMPARISONS.contains(op) ? DataType.BOOL : in.get(0).type();
    return List.of(Known.sized(type, shape));
  }

  private static Known shapeOf(String op, Attributes attributes, Known x) {
    if (op.equals("Size")) {
      return Known.constant(TensorData.scalar(DataType.INT64, Dims.count(x.shape())));
    }
    int rank = x.shape().length;
    int start = (int) within(attributes.integer("start", 0), rank);
    int end = (int) within(attributes.integer("end", rank), rank);
    return Known.constant(
        TensorData.longs(Arrays.copyOfRange(x.shape(), start, Math.max(start, end))));
  }

  private static long within(long index, int rank) {
    return Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static long[] withSpatial(long[] shape, long channels, long[] spatial) {
    long[] result = Arrays.copyOf(shape, shape.length);
    result[1] = channels;
    System.arraycopy(spatial, 0, result, 2, spatial.length);
    return result;
  }

  private static long[] conv(Attributes attributes, long[] x, long[] weights) {
    long groups = attributes.integer("group", 1);
    if (x.length != weights.length || x[1] != weights[1] * groups) {
      throw new IllegalArgumentException(
          "an input of "
              + Arrays.toString(x)
              + " does not fit weights of "
              + Arrays.toString(weights));
    }
    long[] spatial = Arrays.copyOfRange(x, 2, x.length);
    long[] kernel = Arrays.copyOfRange(weights, 2, weights.length);
    Window window = Window.of(attributes, kernel, spatial);
    return withSpatial(x, weights[0], window.outputs(spatial));
  }

  private static long[] convTranspose(Attributes attributes, long[] x, long[] weights) {
    long[] spatial = Arrays.copyOfRange(x, 2, x.length);
    long[] kernel = Arrays.copyOfRange(weights, 2, weights.length);
    Window window = Window.ofTranspose(attributes, kernel, spatial);
    long channels = weights[1] * attributes.integer("group", 1);
    return withSpatial(x, channels, window.spread(spatial));
  }

  private static List<Known> split(NodeProto node, Known x, List<TensorData> in, int opset) {
    int axis = Dims.axis(new Attributes(node).integer("axis", 0), x.shape().length);
    if (in.size() > 1 && in.get(1) == null) {
      return null;
    }
    List<Known> parts = new ArrayList<>();
    for (long size : AxisShapes.splitSizes(node, x.shape()[axis], in, opset)) {
      long[] shape = x.shape().clone();
      shape[axis] = size;
      parts.add(Known.sized(x.type(), shape));
    }
    return parts;
  }

  private static long[] transposed(long[] shape, long[] order) {
    long[] result = new long[shape.length];
    Arrays.setAll(result, i -> shape[order == null ? shape.length - 1 - i : (int) order[i]]);
    return result;
  }

  private static long[] tiled(long[] shape, long[] repeats) {
    long[] result = new long[shape.length];
    Arrays.setAll(result, i -> shape[i] * repeats[i]);
    return result;
  }

  private static long[] padded(long[] shape, List<Known> in) {
    long[] pads = in.get(1).value().asLongs();
    long[] result = shape.clone();
    long[] axes = in.size() > 3 && in.get(3) != null ? in.get(3).value().asLongs() : null;
    for (int i = 0; i < pads.length / 2; i++) {
      int axis = axes == null ? i : Dims.axis(axes[i], shape.length);
      result[axis] += pads[i] + pads[i + pads.length / 2];
    }
    return result;
  }

  private static List<Known> resize(Known x, List<Known> in) {
    long[] result = x.shape().clone();
    if (in.size() > 3 && in.get(3) != null) {
      return missing(in, 3) ? null : one(x, in.get(3).value().asLongs());
    }
    if (missing(in, 2)) {
      return null;
    }
    double[] scales = in.get(2).value().values();
    for (int i = 0; i < result.length; i++) {
      result[i] = (long) Math.floor(result[i] * scales[i]);
    }
    return one(x, result);
  }

  private static long[] product(long[] a, long[] b) {
    if (a.length < 2 || b.length < 2 || a[a.length - 1] != b[b.length - 2]) {
      throw new IllegalArgumentException(
          "there is no matrix product of " + Arrays.toString(a) + " and " + Arrays.toString(b));
    }
    long[] outer = Dims.broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    long[] result = Arrays.copyOf(outer, outer.length + 2);
    result[outer.length] = a[a.length - 2];
    result[outer.length + 1] = b[b.length - 1];
    return result;
  }
}
