// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.List;

/**
 * The transpose of a strided convolution over maps, as a sub-pixel convolution (Shi et al. 2016): a
 * convolution of stride 1 computes the pixels of each phase (y mod stride, x mod stride) as
 * channels of their own, and a transposed convolution of ones, a group a channel, puts them in
 * their places. The first has some zeros among its weights, so over large maps alone it is the
 * quicker way; and it needs no room for the products of every pixel and every weight.
 */
final class SubPixel {
  /** Over smaller maps of more channels the zeros cost more than is gained. */
  private static final long CELLS_A_CHANNEL = 16;

  private SubPixel() {}

  /**
   * Writes it.
   *
   * @param g the gradient of the result, of {@code out} spatial sizes
   * @param weights [outputs, inputs, height, width]
   * @return a gradient of {@code in} spatial sizes; null where the window is of another kind
   */
  static String of(Step step, String g, TensorData weights, Window window, long[] in, long[] out) {
    if (in.length != 2 || out[0] * out[1] < CELLS_A_CHANNEL * weights.shape()[0]) {
      return null;
    }
    Phases[] phases = new Phases[2];
    for (int i = 0; i < 2; i++) {
      phases[i] = Phases.of(window, i, in[i], out[i]);
      if (phases[i] == null) {
        return null;
      }
    }
    NodeWriter write = step.write();
    Phases y = phases[0];
    Phases x = phases[1];
    long[] ones = {1, 1};
    Window taps =
        new Window(
            new long[] {y.taps, x.taps},
            ones,
            ones,
            new long[] {y.before, x.before},
            new long[] {y.after, x.after},
            false);
    String parts =
        Spread.convolve(step, "Conv", g, write.constant("phases", weights(weights, y, x)), taps, 1);
    long channels = weights.shape()[1];
    long[] strides = {y.stride, x.stride};
    long[] zeros = {0, 0};
    Window places = new Window(strides, strides, ones, zeros, zeros, false);
    String name = write.constant("places", places(step, channels, y, x));
    String result = Spread.convolve(step, "ConvTranspose", parts, name, places, channels);
    for (int i = 0; i < 2; i++) {
      if (phases[i].size > in[i]) {
        result = write.slice(result, i + 2L, 0, in[i], 1);
      }
    }
    return step.asked(step.in(0)) ? result : blocked(step, result);
  }

  /**
   * The same map, from a pool of windows of one pixel. ONNX Runtime has pools in its blocked layout
   * of channels: it then reorders the map here, where it would else reorder the slope that
   * multiplies it, and so compute that early and keep it.
   */
  private static String blocked(Step step, String x) {
    return step.emit("MaxPool", List.of(x), Attributes.of("kernel_shape", new long[] {1, 1}));
  }

  /** [inputs · phases, outputs, taps…]. */
  private static TensorData weights(TensorData weights, Phases y, Phases x) {
    long[] shape = weights.shape();
    int outputs = (int) shape[0];
    int inputs = (int) shape[1];
    int height = (int) shape[2];
    int width = (int) shape[3];
    double[] values = new double[inputs * y.stride * x.stride * outputs * y.taps * x.taps];
    int to = 0;
    for (int c = 0; c < inputs; c++) {
      for (int py = 0; py < y.stride; py++) {
        for (int px = 0; px < x.stride; px++) {
          for (int o = 0; o < outputs; o++) {
            for (int ty = 0; ty < y.taps; ty++) {
              for (int tx = 0; tx < x.taps; tx++, to++) {
                int ky = y.kernel(py, ty);
                int kx = x.kernel(px, tx);
                if (ky >= 0 && ky < height && kx >= 0 && kx < width) {
                  values[to] = weights.values()[((o * inputs + c) * height + ky) * width + kx];
                }
              }
            }
          }
        }
      }
    }
    long[] result = {(long) inputs * y.stride * x.stride, outputs, y.taps, x.taps};
    return new TensorData(weights.type(), result, values);
  }

  /** [channels · phases, 1, stride…]: a one for each phase, at its place. */
  private static TensorData places(Step step, long channels, Phases y, Phases x) {
    int phases = y.stride * x.stride;
    double[] values = new double[(int) channels * phases * phases];
    for (int i = 0; i < channels * phases; i++) {
      values[i * phases + i % phases] = 1;
    }
    long[] shape = {channels * phases, 1, y.stride, x.stride};
    return new TensorData(step.type(), shape, values);
  }

  /**
   * An axis.
   *
   * @param stride how many phases
   * @param taps the elements of g that an element depends on, at most
   * @param before padding of g before its first element
   * @param after padding of g after its last element
   * @param offset the kernel's element at phase 0 and tap 0
   * @param size the elements of all phases together, at least those asked for
   */
  private record Phases(int stride, int taps, long before, long after, long offset, long size) {

    /**
     * Element p = a · stride + phase takes g[a + d] times the kernel's p + pad − (a + d)·stride.
     */
    static Phases of(Window window, int axis, long in, long out) {
      long stride = window.strides()[axis];
      long kernel = window.kernel()[axis];
      long pad = window.before()[axis];
      long first = Math.floorDiv(pad - kernel + stride, stride);
      long last = Math.floorDiv(stride - 1 + pad, stride);
      long taps = last - first + 1;
      long cells = (in + stride - 1) / stride;
      long after = cells - out + first + taps - 1;
      if (window.dilations()[axis] != 1 || kernel < stride || first > 0 || after < 0) {
        return null;
      }
      return new Phases(
          (int) stride, (int) taps, -first, after, pad - first * stride, cells * stride);
    }

    /** Which element of the kernel; none where it lies outside. */
    int kernel(int phase, int tap) {
      return (int) (offset + phase - (long) tap * stride);
    }
  }
}
