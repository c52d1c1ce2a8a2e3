// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;

/**
 * Where the windows of a convolution or a pool lie, an entry a spatial axis.
 *
 * @param kernel window sizes
 * @param strides steps between windows
 * @param dilations steps within a window
 * @param before padding before the first element
 * @param after padding after the last element
 * @param ceil whether a last window may reach beyond the padding
 */
public record Window(
    long[] kernel, long[] strides, long[] dilations, long[] before, long[] after, boolean ceil) {

  /** Reads the attributes; {@code in} are the input's spatial sizes, for automatic padding. */
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
   * The window of a ConvTranspose: its padding is what is cut off the full result. An
   * output_padding shows as a smaller, maybe negative cut after the end.
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

  /** How many elements a window spans, dilation included. */
  public long reach(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  /** How many windows there are. */
  long[] outputs(long[] in) {
    long[] result = new long[in.length];
    for (int i = 0; i < in.length; i++) {
      long room = in[i] + before[i] + after[i] - reach(i);
      if (room < 0) {
        throw new IllegalArgumentException(
            "a window of " + reach(i) + " elements on an axis of " + in[i]);
      }
      result[i] = (ceil ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
      // A window that begins in the padding after the end sees nothing and is dropped.
      if (ceil && (result[i] - 1) * strides[i] >= in[i] + before[i]) {
        result[i]--;
      }
    }
    return result;
  }

  /** The sizes of a transposed convolution's result. */
  long[] spread(long[] in) {
    long[] result = new long[in.length];
    for (int i = 0; i < in.length; i++) {
      result[i] = strides[i] * (in[i] - 1) + reach(i) - before[i] - after[i];
    }
    return result;
  }

  /** The same windows along one axis only. */
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

  /** The padding as ONNX writes it. */
  public long[] pads() {
    long[] result = Arrays.copyOf(before, 2 * before.length);
    System.arraycopy(after, 0, result, before.length, after.length);
    return result;
  }
}
