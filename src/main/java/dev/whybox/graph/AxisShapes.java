// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;

/** The sizes that result when axes are joined, split, gathered, reshaped or reduced. */
public final class AxisShapes {
  private AxisShapes() {}

  static long[] concatenated(List<long[]> shapes, int axis) {
    long[] result = shapes.get(0).clone();
    result[axis] = 0;
    for (long[] shape : shapes) {
      for (int i = 0; i < result.length; i++) {
        if (shape.length != result.length || i != axis && shape[i] != result[i]) {
          throw new IllegalArgumentException(
              Arrays.toString(shapes.get(0))
                  + " and "
                  + Arrays.toString(shape)
                  + " cannot be joined on axis "
                  + axis);
        }
      }
      result[axis] += shape[axis];
    }
    return result;
  }

  static long[] splitSizes(NodeProto node, long size, List<TensorData> in, int opset) {
    long[] sizes = new Attributes(node).integers("split");
    if (opset >= 13 && in.size() > 1 && in.get(1) != null) {
      sizes = in.get(1).asLongs();
    }
    if (sizes == null) {
      int parts = node.getOutputCount();
      long each = (size + parts - 1) / parts;
      sizes = new long[parts];
      Arrays.fill(sizes, each);
      sizes[parts - 1] = size - each * (parts - 1);
    }
    if (Arrays.stream(sizes).sum() != size) {
      throw new IllegalArgumentException(
          "the parts " + Arrays.toString(sizes) + " do not add up to " + size);
    }
    return sizes;
  }

  static long[] gathered(long[] x, long[] indices, int axis) {
    long[] result = new long[x.length - 1 + indices.length];
    System.arraycopy(x, 0, result, 0, axis);
    System.arraycopy(indices, 0, result, axis, indices.length);
    System.arraycopy(x, axis + 1, result, axis + indices.length, x.length - axis - 1);
    return result;
  }

  /** The sizes that Reshape, Flatten, Squeeze and Unsqueeze give; the elements stay the same. */
  static long[] reshaped(NodeProto node, long[] x, List<TensorData> in, int opset) {
    Attributes attributes = new Attributes(node);
    switch (node.getOpType()) {
      case "Flatten" -> {
        long axis = attributes.integer("axis", 1);
        int at = (int) (axis < 0 ? axis + x.length : axis);
        long rows = Dims.count(Arrays.copyOf(x, at));
        return new long[] {rows, Dims.count(Arrays.copyOfRange(x, at, x.length))};
      }
      case "Squeeze" -> {
        long[] axes = opset >= 13 ? longs(in) : attributes.integers("axes");
        boolean[] dropped = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
          dropped[i] = axes == null && x[i] == 1;
        }
        for (long axis : axes == null ? new long[0] : axes) {
          dropped[Dims.axis(axis, x.length)] = true;
        }
        return without(x, dropped);
      }
      case "Unsqueeze" -> {
        long[] axes = opset >= 13 ? longs(in) : attributes.integers("axes");
        int rank = x.length + axes.length;
        boolean[] fresh = new boolean[rank];
        for (long axis : axes) {
          fresh[Dims.axis(axis, rank)] = true;
        }
        long[] result = new long[rank];
        int next = 0;
        for (int i = 0; i < rank; i++) {
          result[i] = fresh[i] ? 1 : x[next++];
        }
        return result;
      }
      default -> {
        return resolved(x, in.get(1).asLongs(), attributes.integer("allowzero", 0) == 1);
      }
    }
  }

  private static long[] longs(List<TensorData> in) {
    return in.size() > 1 && in.get(1) != null ? in.get(1).asLongs() : null;
  }

  private static long[] resolved(long[] x, long[] target, boolean allowZero) {
    long[] result = target.clone();
    int free = -1;
    long product = 1;
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i] == 0 && !allowZero ? x[i] : result[i];
      free = result[i] == -1 ? i : free;
      product *= result[i] == -1 ? 1 : result[i];
    }
    if (free >= 0 && product != 0) {
      result[free] = Dims.count(x) / product;
    }
    if (Dims.count(result) != Dims.count(x)) {
      throw new IllegalArgumentException(
          "the sizes " + Arrays.toString(x) + " cannot be reshaped to " + Arrays.toString(target));
    }
    return result;
  }

  /**
   * The axes over which a reduction runs.
   *
   * @param node a reduction, such as ReduceSum
   * @param rank the rank of its input
   * @param in the constants among its inputs; null for an input that is not constant or left out
   * @param opset the version of the operator set
   * @return one entry per axis, true for reduced axes
   */
  public static boolean[] reducedAxes(NodeProto node, int rank, List<TensorData> in, int opset) {
    boolean asInput = opset >= (node.getOpType().equals("ReduceSum") ? 13 : 18);
    Attributes attributes = new Attributes(node);
    long[] axes = asInput ? longs(in) : attributes.integers("axes");
    boolean[] reduced = new boolean[rank];
    if (axes == null || axes.length == 0) {
      Arrays.fill(reduced, attributes.integer("noop_with_empty_axes", 0) == 0);
    } else {
      for (long axis : axes) {
        reduced[Dims.axis(axis, rank)] = true;
      }
    }
    return reduced;
  }

  static long[] reduced(NodeProto node, long[] x, boolean[] axes) {
    if (new Attributes(node).integer("keepdims", 1) == 0) {
      return without(x, axes);
    }
    long[] result = x.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = axes[i] ? 1 : result[i];
    }
    return result;
  }

  private static long[] without(long[] x, boolean[] dropped) {
    long[] result = new long[x.length];
    int rank = 0;
    for (int i = 0; i < x.length; i++) {
      if (!dropped[i]) {
        result[rank++] = x[i];
      }
    }
    return Arrays.copyOf(result, rank);
  }
}
