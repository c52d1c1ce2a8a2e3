// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;

/**
 * The positions of the windows of a convolution or a pool, with one entry per spatial axis.
 *
 * @param kernel the sizes of a window
 * @param strides the distances between windows
 * @param dilations the distances between elements of a window
 * @param before the padding before the first element
 * @param after the padding after the last element
 * @param ceil whether the last window may reach beyond the padding
 */
public record Window(
    long[] kernel, long[] strides, long[] dilations, long[] before, long[] after, boolean ceil) {

  /**
   * Reads the windows of a convolution or a pool.
   *
   * @param attributes the node's attributes
   * @param kernel the sizes of a window
   * @param in the spatial sizes of the input, which automatic padding needs
   * @return the windows
   */
  public static Window of(Attributes attributes, long[] kernel, long[] in) {
    int rank = in.length;
    long[] strides = orOnes(attributes.integers("strides"), rank);
    long[] dilations = orOnes(attributes.integers("dilations"), rank);
    long[] pads = attributes.integers("pads");
    long[] before = new long[rank];
    long[] after = new long[rank];
    String auto = attributes.text("auto_pad", "NOTSET");
    for (int i = 0; i < rank; i++) {
      if (auto.startsWith("SAME")) {
        long reach = (kernel[i] - 1) * dilations[i] + 1;
        long outputs = (in[i] + strides[i] - 1) / strides[i];
        long total = Math.max(0, (outputs - 1) * strides[i] + reach - in[i]);
        before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        after[i] = total - before[i];
      } else if (auto.equals("NOTSET") && pads != null) {
        before[i] = pads[i];
        after[i] = pads[i + rank];
      }
    }
    boolean ceil = attributes.integer("ceil_mode", 0) == 1;
    return new Window(kernel, strides, dilations, before, after, ceil);
  }

  /**
   * Reads the windows of a ConvTranspose. Its padding is cut off from the full result. An
   * output_padding reduces the cut after the end, which can become negative.
   *
   * @param attributes the node's attributes
   * @param kernel the sizes of a window
   * @param in the spatial sizes of the input
   * @return the windows
   */
  public static Window ofTranspose(Attributes attributes, long[] kernel, long[] in) {
    int rank = in.length;
    long[] strides = orOnes(attributes.integers("strides"), rank);
    long[] dilations = orOnes(attributes.integers("dilations"), rank);
    long[] pads = attributes.integers("pads");
    long[] extra = attributes.integers("output_padding");
    long[] sizes = attributes.integers("output_shape");
    String auto = attributes.text("auto_pad", "NOTSET");
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < rank; i++) {
      long full = strides[i] * (in[i] - 1) + (kernel[i] - 1) * dilations[i] + 1;
      long more = extra == null ? 0 : extra[i];
      if (sizes != null || auto.startsWith("SAME")) {
        long wanted = sizes != null ? sizes[sizes.length - rank + i] : in[i] * strides[i];
        long total = full + more - wanted;
        before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        after[i] = total - before[i] - more;
      } else {
        before[i] = pads == null ? 0 : pads[i];
        after[i] = (pads == null ? 0 : pads[i + rank]) - more;
      }
    }
    return new Window(kernel, strides, dilations, before, after, false);
  }

  private static long[] orOnes(long[] values, int rank) {
    if (values != null && values.length > 0) {
      return values;
    }
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * The number of elements that a window spans, dilation included.
   *
   * @param axis a spatial axis, from 0
   * @return at least 1
   */
  public long reach(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  /** The number of windows per axis. */
  long[] outputs(long[] in) {
    long[] result = new long[in.length];
    for (int i = 0; i < in.length; i++) {
      long room = in[i] + before[i] + after[i] - reach(i);
      if (room < 0) {
        throw new IllegalArgumentException(
            "a window of " + reach(i) + " elements does not fit on an axis of " + in[i]);
      }
      result[i] = (ceil ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
      // A window that begins in the padding after the end sees no element and is dropped.
      if (ceil && (result[i] - 1) * strides[i] >= in[i] + before[i]) {
        result[i]--;
      }
    }
    return result;
  }

  /** The sizes of the result of a transposed convolution. */
  long[] spread(long[] in) {
    long[] result = new long[in.length];
    for (int i = 0; i < in.length; i++) {
      result[i] = strides[i] * (in[i] - 1) + reach(i) - before[i] - after[i];
    }
    return result;
  }

  /**
   * The same windows along one axis only; the other axes have windows of one element.
   *
   * @param axis a spatial axis, from 0
   * @return the windows
   */
  public Window along(int axis) {
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    return new Window(
        only(kernel, axis, ones),
        only(strides, axis, ones),
        only(dilations, axis, ones),
        only(before, axis, new long[kernel.length]),
        only(after, axis, new long[kernel.length]),
        ceil);
  }

  private static long[] only(long[] values, int axis, long[] rest) {
    long[] result = rest.clone();
    result[axis] = values[axis];
    return result;
  }

  /**
   * The padding in ONNX's order.
   *
   * @return all values before, then all values after
   */
  public long[] pads() {
    long[] result = Arrays.copyOf(before, 2 * before.length);
    System.arraycopy(after, 0, result, before.length, after.length);
    return result;
  }
}
