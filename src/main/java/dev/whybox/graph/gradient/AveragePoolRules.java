// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import dev.whybox.graph.Dims;
import dev.whybox.graph.TensorData;
import dev.whybox.graph.Window;
import java.util.Arrays;

/** AveragePool and GlobalAveragePool: a window's gradient goes to its elements in equal shares. */
final class AveragePoolRules {
  private AveragePoolRules() {}

  static void pool(Step step) {
    long[] shape = step.inShape(0);
    long[] in = ConvolutionRules.spatial(shape);
    long[] out = ConvolutionRules.spatial(step.outShape(0));
    Window window = Window.of(step.attributes(), step.attributes().integers("kernel_shape"), in);
    boolean padded = step.attributes().integer("count_include_pad", 0) == 1;
    // Windows at the border may hold fewer elements, so the shares are a map.
    long[] mapShape = new long[in.length + 2];
    mapShape[0] = 1;
    mapShape[1] = 1;
    System.arraycopy(out, 0, mapShape, 2, out.length);
    double[] shares = new double[(int) Dims.count(out)];
    Arrays.setAll(shares, i -> 1.0 / elements(i, in, out, window, padded));
    String map = step.write().constant("shares", TensorData.of(step.type(), mapShape, shares));
    long[] ones = new long[in.length + 2];
    ones[0] = shape[1];
    ones[1] = 1;
    System.arraycopy(window.kernel(), 0, ones, 2, in.length);
    TensorData kernel = TensorData.filled(step.type(), ones, 1);
    String g = step.write().mul(step.gradient(), map);
    step.give(0, Spread.of(step, g, kernel, shape[1], window, in, out));
  }

  /** How many elements a window's mean is over. */
  private static long elements(
      int index, long[] in, long[] out, Window window, boolean countsPadding) {
    long result = 1;
    for (int axis = in.length - 1; axis >= 0; axis--) {
      long start = index % out[axis] * window.strides()[axis] - window.before()[axis];
      index /= out[axis];
      long low = countsPadding ? -window.before()[axis] : 0;
      long high = in[axis] + (countsPadding ? window.after()[axis] : 0);
      long inside = 0;
      for (long k = 0; k < window.kernel()[axis]; k++) {
        long at = start + k * window.dilations()[axis];
        inside += at >= low && at < high ? 1 : 0;
      }
      result *= inside;
    }
    return result;
  }

  static void global(Step step) {
    long[] shape = step.inShape(0);
    shape[0] = 1;
    shape[1] = 1;
    double share = 1.0 / Dims.count(shape);
    String map = step.write().constant("shares", TensorData.filled(step.type(), shape, share));
    step.give(0, step.write().mul(step.gradient(), map));
  }
}
