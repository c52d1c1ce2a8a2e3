// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import dev.whybox.graph.Attributes;
import dev.whybox.graph.Dims;
import dev.whybox.graph.TensorData;
import dev.whybox.graph.Window;
import java.util.Arrays;
import java.util.List;

/** Scatters a gradient back to where a convolution or a pool read from. */
final class Spread {
  private Spread() {}

  /**
   * The transpose of a convolution in its data.
   *
   * @param g the gradient of the result, of {@code out} spatial sizes
   * @param weights [outputs, inputs / groups, kernel…]
   * @return a gradient of {@code in} spatial sizes
   */
  static String of(
      Step step, String g, TensorData weights, long groups, Window window, long[] in, long[] out) {
    int rank = in.length;
    boolean plain = true;
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < rank; i++) {
      before[i] = window.reach(i) - 1 - window.before()[i];
      after[i] = in[i] - out[i] - before[i] + window.reach(i) - 1;
      plain &= window.strides()[i] == 1 && before[i] >= 0 && after[i] >= 0;
    }
    NodeWriter write = step.write();
    if (plain) {
      // Stride 1: a convolution again, with the kernels turned round and inputs and outputs
      // swapped.
      String turned = write.constant("turned", turned(weights, groups));
      Window back =
          new Window(window.kernel(), window.strides(), window.dilations(), before, after, false);
      return convolve(step, "Conv", g, turned, back, groups);
    }
    long[] rest = new long[rank];
    for (int i = 0; i < rank; i++) {
      long full = window.strides()[i] * (out[i] - 1) + window.reach(i);
      before[i] = window.before()[i];
      after[i] = full - before[i] - in[i];
      rest[i] = Math.max(0, -after[i]);
      after[i] = Math.max(0, after[i]);
    }
    Window back =
        new Window(window.kernel(), window.strides(), window.dilations(), before, after, false);
    String name = write.constant("weights", weights);
    String result = convolve(step, "ConvTranspose", g, name, back, groups);
    for (int i = 0; i < rank; i++) {
      // Elements that no window reached.
      result = write.pad(result, rank + 2, i + 2, 0, rest[i], step.type(), 0);
    }
    return result;
  }

  static String convolve(
      Step step, String op, String x, String weights, Window window, long groups) {
    return step.emit(
        op,
        List.of(x, weights),
        Attributes.of("kernel_shape", window.kernel()),
        Attributes.of("strides", window.strides()),
        Attributes.of("dilations", window.dilations()),
        Attributes.of("pads", window.pads()),
        Attributes.of("group", groups));
  }

  /** [O, I/g, k…] → [I, O/g, k…], each kernel turned round. */
  private static TensorData turned(TensorData weights, long groups) {
    long[] shape = weights.shape();
    int kernel = (int) Dims.count(Arrays.copyOfRange(shape, 2, shape.length));
    int outputs = (int) (shape[0] / groups);
    int inputs = (int) shape[1];
    double[] values = new double[weights.values().length];
    for (int group = 0; group < groups; group++) {
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          int from = ((group * outputs + o) * inputs + i) * kernel;
          int to = ((group * inputs + i) * outputs + o) * kernel;
          for (int k = 0; k < kernel; k++) {
            values[to + k] = weights.values()[from + kernel - 1 - k];
          }
        }
      }
    }
    long[] result = shape.clone();
    result[0] = inputs * groups;
    result[1] = outputs;
    return new TensorData(weights.type(), result, values);
  }
}
