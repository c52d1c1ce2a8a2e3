// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Runs a graph in double precision by the plain definitions: the reference for gradients of small
 * models.
 */
public final class Interpreter {
  private Interpreter() {}

  public static Map<String, TensorData> run(ModelProto model, Map<String, TensorData> inputs) {
    int opset = OnnxGraph.opset(model);
    Map<String, TensorData> values = new HashMap<>(inputs);
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      values.put(tensor.getName(), TensorData.of(tensor));
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      List<TensorData> in = new ArrayList<>();
      node.getInputList().forEach(n -> in.add(n.isEmpty() ? null : values.get(n)));
      List<TensorData> out = node(node, in, opset);
      for (int i = 0; i < node.getOutputCount(); i++) {
        values.put(node.getOutput(i), out.get(i));
      }
    }
    return values;
  }

  private static List<TensorData> node(NodeProto node, List<TensorData> in, int opset) {
    Attributes a = new Attributes(node);
    TensorData x = in.get(0);
    List<TensorData> known = ConstantFolder.evaluate(node, in, opset);
    if (known != null) {
      return known;
    }
    return List.of(
        switch (node.getOpType()) {
          case "Shape" -> TensorData.longs(x.shape());
          case "Conv" -> conv(a, x, in.get(1), in.size() > 2 ? in.get(2) : null);
          case "ConvTranspose" -> convTranspose(a, x, in.get(1), in.size() > 2 ? in.get(2) : null);
          case "MaxPool" -> pool(a, x, Double.NEGATIVE_INFINITY, Math::max, false);
          case "AveragePool" -> pool(a, x, 0, Double::sum, true);
          case "GlobalAveragePool" -> globalMean(x);
          case "MatMul" -> matMul(x, in.get(1));
          case "Gemm" -> gemm(a, in);
          case "Softmax" -> softmax(a, x, opset);
          case "Pad" -> pad(x, in.get(1).asLongs(), in.size() > 2 ? in.get(2).values()[0] : 0);
          case "Resize" -> resize(a, in);
          case "ReduceMean" -> reduceMean(node, in, opset);
          case "BatchNormalization" -> normalized(a, in);
          case "Clip" -> {
            double low = in.size() > 1 && in.get(1) != null ? in.get(1).values()[0] : -1e300;
            double high = in.size() > 2 ? in.get(2).values()[0] : 1e300;
            yield map(x, v -> Math.max(low, Math.min(high, v)));
          }
          case "LeakyRelu" -> map(x, v -> v < 0 ? (float) a.real("alpha", 0.01f) * v : v);
          case "HardSigmoid" -> {
            double slope = (float) a.real("alpha", 0.2f);
            double middle = (float) a.real("beta", 0.5f);
            yield map(x, v -> Math.max(0, Math.min(1, slope * v + middle)));
          }
          default -> throw new IllegalArgumentException(node.getOpType());
        });
  }

  private static TensorData map(TensorData x, DoubleUnaryOperator function) {
    return new TensorData(x.type(), x.shape(), Arrays.stream(x.values()).map(function).toArray());
  }

  /** Calls back with (input element, kernel element) pairs of one window that lie inside. */
  private interface Visitor {
    void visit(int input, int kernel);
  }

  private static void window(Window w, long[] in, long[] at, Visitor visitor) {
    int count = (int) Dims.count(w.kernel());
    for (int k = 0; k < count; k++) {
      long[] place = place(k, w.kernel());
      long index = 0;
      boolean inside = true;
      for (int i = 0; i < in.length; i++) {
        long p = at[i] * w.strides()[i] - w.before()[i] + place[i] * w.dilations()[i];
        inside &= p >= 0 && p < in[i];
        index = index * in[i] + p;
      }
      if (inside) {
        visitor.visit((int) index, k);
      }
    }
  }

  private static long[] place(long index, long[] shape) {
    long[] result = new long[shape.length];
    for (int i = shape.length - 1; i >= 0; i--) {
      result[i] = index % shape[i];
      index /= shape[i];
    }
    return result;
  }

  private static long[] spatial(long[] shape) {
    return Arrays.copyOfRange(shape, 2, shape.length);
  }

  private static long[] full(long batch, long channels, long[] spatial) {
    long[] result = new long[spatial.length + 2];
    result[0] = batch;
    result[1] = channels;
    System.arraycopy(spatial, 0, result, 2, spatial.length);
    return result;
  }

  private static TensorData conv(Attributes a, TensorData x, TensorData w, TensorData bias) {
    long[] in = spatial(x.shape());
    Window window = Window.of(a, spatial(w.shape()), in);
    long[] out = window.outputs(in);
    int perGroup = (int) (w.shape()[0] / a.integer("group", 1));
    int inputs = (int) w.shape()[1];
    int kernel = (int) Dims.count(window.kernel());
    int size = (int) Dims.count(in);
    long[] shape = full(x.shape()[0], w.shape()[0], out);
    double[] y = new double[(int) Dims.count(shape)];
    for (int i = 0; i < y.length; i++) {
      long[] at = place(i, shape);
      int o = (int) at[1];
      double[] sum = {bias == null ? 0 : bias.values()[o]};
      for (int c = 0; c < inputs; c++) {
        int channel = o / perGroup * inputs + c;
        int base = (int) (at[0] * x.shape()[1] + channel) * size;
        int row = (o * inputs + c) * kernel;
        window(
            window,
            in,
            spatial(at),
            (p, k) -> sum[0] += x.values()[base + p] * w.values()[row + k]);
      }
      y[i] = sum[0];
    }
    return new TensorData(x.type(), shape, y);
  }

  private static TensorData convTranspose(
      Attributes a, TensorData x, TensorData w, TensorData bias) {
    long[] in = spatial(x.shape());
    Window window = Window.ofTranspose(a, spatial(w.shape()), in);
    long[] out = window.spread(in);
    int groups = (int) a.integer("group", 1);
    int outputs = (int) w.shape()[1];
    int perGroup = (int) (w.shape()[0] / groups);
    int kernel = (int) Dims.count(window.kernel());
    int size = (int) Dims.count(out);
    long[] shape = full(x.shape()[0], (long) outputs * groups, out);
    double[] y = new double[(int) Dims.count(shape)];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias == null ? 0 : bias.values()[i / size % (outputs * groups)];
    }
    for (int i = 0; i < x.values().length; i++) {
      long[] at = place(i, x.shape());
      int channel = (int) at[1];
      double value = x.values()[i];
      for (int o = 0; o < outputs; o++) {
        int base = (int) (at[0] * shape[1] + channel / perGroup * outputs + o) * size;
        int row = (channel * outputs + o) * kernel;
        window(window, out, spatial(at), (p, k) -> y[base + p] += value * w.values()[row + k]);
      }
    }
    return new TensorData(x.type(), shape, y);
  }

  private static TensorData pool(
      Attributes a, TensorData x, double start, DoubleBinaryOperator join, boolean mean) {
    long[] in = spatial(x.shape());
    Window window = Window.of(a, a.integers("kernel_shape"), in);
    boolean padded = a.integer("count_include_pad", 0) == 1;
    long[] shape = full(x.shape()[0], x.shape()[1], window.outputs(in));
    double[] y = new double[(int) Dims.count(shape)];
    int size = (int) Dims.count(in);
    for (int i = 0; i < y.length; i++) {
      long[] at = place(i, shape);
      int base = (int) (at[0] * shape[1] + at[1]) * size;
      double[] result = {start, 0};
      window(
          window,
          in,
          spatial(at),
          (p, k) -> {
            result[0] = join.applyAsDouble(result[0], x.values()[base + p]);
            result[1]++;
          });
      double count = padded ? Dims.count(window.kernel()) : result[1];
      y[i] = mean ? result[0] / count : result[0];
    }
    return new TensorData(x.type(), shape, y);
  }

  private static TensorData globalMean(TensorData x) {
    int size = (int) Dims.count(spatial(x.shape()));
    double[] y = new double[x.values().length / size];
    for (int i = 0; i < x.values().length; i++) {
      y[i / size] += x.values()[i] / size;
    }
    long[] ones = spatial(x.shape());
    Arrays.fill(ones, 1);
    return new TensorData(x.type(), full(x.shape()[0], x.shape()[1], ones), y);
  }

  private static TensorData matMul(TensorData a, TensorData b) {
    int ra = a.shape().length;
    int rb = b.shape().length;
    long[] outer =
        Dims.broadcast(Arrays.copyOf(a.shape(), ra - 2), Arrays.copyOf(b.shape(), rb - 2));
    int rank = outer.length + 2;
    long[] shape = Arrays.copyOf(outer, rank);
    shape[rank - 2] = a.shape()[ra - 2];
    shape[rank - 1] = b.shape()[rb - 1];
    int n = (int) a.shape()[ra - 1];
    long[] sizesA = shape.clone();
    sizesA[rank - 1] = n;
    long[] sizesB = shape.clone();
    sizesB[rank - 2] = n;
    double[] wideA = a.expanded(sizesA).values();
    double[] wideB = b.expanded(sizesB).values();
    double[] y = new double[(int) Dims.count(shape)];
    int rows = (int) shape[rank - 2];
    int columns = (int) shape[rank - 1];
    for (int i = 0; i < y.length; i++) {
      int batch = i / columns / rows;
      int row = i / columns % rows;
      int column = i % columns;
      for (int k = 0; k < n; k++) {
        y[i] += wideA[(batch * rows + row) * n + k] * wideB[(batch * n + k) * columns + column];
      }
    }
    return new TensorData(a.type(), shape, y);
  }

  private static TensorData gemm(Attributes a, List<TensorData> in) {
    TensorData x = a.integer("transA", 0) == 1 ? in.get(0).transposed(1, 0) : in.get(0);
    TensorData w = a.integer("transB", 0) == 1 ? in.get(1).transposed(1, 0) : in.get(1);
    double alpha = (float) a.real("alpha", 1);
    double beta = (float) a.real("beta", 1);
    TensorData y = map(matMul(x, w), v -> v * alpha);
    return in.size() < 3
        ? y
        : Elementwise.binary("Add", y, map(in.get(2), v -> v * beta).expanded(y.shape()));
  }

  private static TensorData softmax(Attributes a, TensorData x, int opset) {
    int rank = x.shape().length;
    int axis = Dims.axis(a.integer("axis", opset < 13 ? 1 : -1), rank);
    long[] strides = Dims.strides(x.shape());
    for (int i = axis; i < (opset < 13 ? rank : axis + 1); i++) {
      strides[i] = 0;
    }
    double[] sums = new double[x.values().length];
    double[] y = new double[x.values().length];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < y.length; i++) {
        int group = (int) Dims.offset(i, x.shape(), strides);
        if (pass == 0) {
          sums[group] += Math.exp(x.values()[i]);
        } else {
          y[i] = Math.exp(x.values()[i]) / sums[group];
        }
      }
    }
    return new TensorData(x.type(), x.shape(), y);
  }

  private static TensorData pad(TensorData x, long[] pads, double value) {
    int rank = x.shape().length;
    long[] shape = new long[rank];
    Arrays.setAll(shape, i -> x.shape()[i] + pads[i] + pads[i + rank]);
    double[] y = new double[(int) Dims.count(shape)];
    Arrays.fill(y, value);
    long[] strides = Dims.strides(shape);
    for (int i = 0; i < x.values().length; i++) {
      long[] at = place(i, x.shape());
      int to = 0;
      for (int axis = 0; axis < rank; axis++) {
        to += (int) ((at[axis] + pads[axis]) * strides[axis]);
      }
      y[to] = x.values()[i];
    }
    return new TensorData(x.type(), shape, y);
  }

  /** Nearest only, in the forms the tests use: asymmetric floor, half_pixel round_prefer_floor. */
  private static TensorData resize(Attributes a, List<TensorData> in) {
    TensorData x = in.get(0);
    int rank = x.shape().length;
    boolean asymmetric = a.text("coordinate_transformation_mode", "").equals("asymmetric");
    float[] scales = new float[rank];
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      boolean sized = in.size() > 3;
      shape[i] =
          sized
              ? (long) in.get(3).values()[i]
              : (long) Math.floor(x.shape()[i] * in.get(2).values()[i]);
      scales[i] = sized ? (float) shape[i] / x.shape()[i] : (float) in.get(2).values()[i];
    }
    long[] strides = Dims.strides(x.shape());
    double[] y = new double[(int) Dims.count(shape)];
    for (int i = 0; i < y.length; i++) {
      long[] at = place(i, shape);
      int from = 0;
      for (int axis = 0; axis < rank; axis++) {
        double p =
            asymmetric
                ? Math.floor(at[axis] / scales[axis])
                : Math.ceil((at[axis] + 0.5f) / scales[axis] - 1);
        from += (int) (Math.max(0, Math.min(x.shape()[axis] - 1, p)) * strides[axis]);
      }
      y[i] = x.values()[from];
    }
    return new TensorData(x.type(), shape, y);
  }

  private static TensorData reduceMean(NodeProto node, List<TensorData> in, int opset) {
    NodeProto sum = node.toBuilder().setOpType("ReduceSum").build();
    // ReduceSum takes its axes as an input since 13, ReduceMean since 18.
    int version = opset < 18 ? 11 : opset;
    TensorData total = ConstantFolder.evaluate(sum, in, version).get(0);
    double count = (double) in.get(0).values().length / total.values().length;
    return map(total, v -> v / count);
  }

  private static TensorData normalized(Attributes a, List<TensorData> in) {
    TensorData x = in.get(0);
    double epsilon = (float) a.real("epsilon", 1e-5f);
    int size = (int) Dims.count(spatial(x.shape()));
    double[] y = new double[x.values().length];
    for (int i = 0; i < y.length; i++) {
      int c = i / size % (int) x.shape()[1];
      y[i] =
          (x.values()[i] - in.get(3).values()[c])
                  / Math.sqrt(in.get(4).values()[c] + epsilon)
                  * in.get(1).values()[c]
              + in.get(2).values()[c];
    }
    return new TensorData(x.type(), x.shape(), y);
  }
}
