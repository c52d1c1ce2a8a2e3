// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MaxPool. Its gradient goes to the maximum of each window, and where several elements tie, an
 * equal share to each, so that none is counted twice. (A pooled map is full of plateaus: in a chain
 * of pools, as SPPF has, gradients without the division grow with each.)
 *
 * <p>A window's maximum is the maximum along rows of the maxima along columns, so each axis goes by
 * itself: k comparisons an axis, not k² in all. Ties then share by rows first, and within each row.
 */
final class MaxPoolRule {
  private MaxPoolRule() {}

  static void apply(Step step) {
    if (step.node().getOutputCount() > 1 && step.gradient(0) == null) {
      throw step.blocked("the places of maxima are whole numbers");
    }
    long[] kernel = step.attributes().integers("kernel_shape");
    long[] in = ConvolutionRules.spatial(step.inShape(0));
    long[] out = ConvolutionRules.spatial(step.outShape(0));
    Window window = Window.of(step.attributes(), kernel, in);
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < kernel.length; axis++) {
      if (kernel[axis] > 1 || window.strides()[axis] > 1) {
        axes.add(axis);
      }
    }
    // The maps between the stages: the input, pooled along one axis after the other.
    List<String> maps = new ArrayList<>(List.of(step.in(0)));
    for (int i = 0; i + 1 < axes.size(); i++) {
      maps.add(pooled(step, maps.get(i), window.along(axes.get(i))));
    }
    maps.add(step.out(0));
    String g = step.gradient();
    long[] sizes = step.outShape(0);
    for (int i = axes.size() - 1; i >= 0; i--) {
      int axis = axes.get(i);
      g = back(step, maps.get(i), maps.get(i + 1), g, sizes, window, axis, in[axis], out[axis]);
      sizes[axis + 2] = in[axis];
    }
    step.give(0, g);
  }

  private static String pooled(Step step, String x, Window window) {
    return step.emit(
        "MaxPool",
        List.of(x),
        Attributes.of("kernel_shape", window.kernel()),
        Attributes.of("strides", window.strides()),
        Attributes.of("dilations", window.dilations()),
        Attributes.of("pads", window.pads()),
        Attributes.of("ceil_mode", window.ceil() ? 1 : 0));
  }

  /**
   * Back through the pool along one axis.
   *
   * @param x the map before
   * @param y the map after, of {@code sizes}
   * @param g the gradient of y
   */
  private static String back(
      Step step,
      String x,
      String y,
      String g,
      long[] sizes,
      Window window,
      int spatial,
      long in,
      long out) {
    NodeWriter write = step.write();
    int axis = spatial + 2;
    int rank = sizes.length;
    int kernel = (int) window.kernel()[spatial];
    long stride = window.strides()[spatial];
    long dilation = window.dilations()[spatial];
    long before = window.before()[spatial];
    long reach = (kernel - 1) * dilation;
    long length = Math.max(before + in, (out - 1) * stride + reach + 1);
    double lowest = step.type() == DataType.FLOAT16 ? -65504 : -Float.MAX_VALUE;
    String padded = write.pad(x, rank, axis, before, length - before - in, step.type(), lowest);
    List<String> hits = new ArrayList<>();
    String ties = null;
    for (int k = 0; k < kernel; k++) {
      long start = k * dilation;
      long end = start + (out - 1) * stride + 1;
      boolean whole = start == 0 && end == length && stride == 1;
      String seen = whole ? padded : write.slice(padded, axis, start, end, stride);
      String hit = write.equal(seen, y, step.type());
      hits.add(hit);
      ties = ties == null ? hit : write.add(ties, hit);
    }
    String share = kernel == 1 ? g : write.div(g, ties);
    long total = Math.max(length, reach + out * stride);
    String result = null;
    for (int k = 0; k < kernel; k++) {
      String given = kernel == 1 ? g : write.mul(hits.get(k), share);
      given = stuffed(step, given, sizes, axis, stride);
      long start = k * dilation;
      long rest = total - start - out * stride;
      given = write.pad(given, rank, axis, start, rest, step.type(), 0);
      result = result == null ? given : write.add(result, given);
    }
    return before == 0 && total == in ? result : write.slice(result, axis, before, before + in, 1);
  }

  /** Puts stride − 1 zeros after each element of an axis. */
  private static String stuffed(Step step, String x, long[] sizes, int axis, long stride) {
    if (stride == 1) {
      return x;
    }
    NodeWriter write = step.write();
    long[] apart = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, apart, 0, axis + 1);
    apart[axis + 1] = 1;
    System.arraycopy(sizes, axis + 1, apart, axis + 2, sizes.length - axis - 1);
    String wide =
        write.pad(write.reshape(x, apart), apart.length, axis + 1, 0, stride - 1, step.type(), 0);
    long[] joined = Arrays.copyOf(sizes, sizes.length);
    joined[axis] *= stride;
    return write.reshape(wide, joined);
  }
}
