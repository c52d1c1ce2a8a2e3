// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;

/** Arithmetic on the sizes of tensors: element counts, axes, broadcasting, strides. */
public final class Dims {
  private Dims() {}

  /**
   * The number of elements.
   *
   * @param shape the sizes
   * @return their product; 1 for a scalar
   */
  public static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /**
   * Resolves an axis that may count from the end.
   *
   * @param axis −rank to rank − 1
   * @param rank the number of axes
   * @return 0 to rank − 1
   * @throws IllegalArgumentException if there is no such axis
   */
  public static int axis(long axis, int rank) {
    long result = axis < 0 ? axis + rank : axis;
    if (result < 0 || result >= rank) {
      throw new IllegalArgumentException(
          "there is no axis " + axis + " in a tensor of rank " + rank);
    }
    return (int) result;
  }

  /**
   * The common sizes by NumPy's rule: shapes are aligned at the last axis, and a size of 1 is
   * repeated.
   */
  static long[] broadcast(long[] a, long[] b) {
    int rank = Math.max(a.length, b.length);
    long[] result = new long[rank];
    for (int i = 0; i < rank; i++) {
      long x = aligned(a, rank, i);
      long y = aligned(b, rank, i);
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(
            "shapes "
                + Arrays.toString(a)
                + " and "
                + Arrays.toString(b)
                + " cannot be broadcast to a common shape");
      }
      result[i] = x == 1 ? y : x;
    }
    return result;
  }

  /**
   * The size of a tensor on an axis of a tensor with a higher rank. Shapes are aligned at the last
   * axis; missing leading axes count as 1.
   *
   * @param shape the tensor's sizes
   * @param rank the higher rank
   * @param axis an axis of the higher rank, from 0
   * @return the size
   */
  public static long aligned(long[] shape, int rank, int axis) {
    int own = axis - (rank - shape.length);
    return own < 0 ? 1 : shape[own];
  }

  static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return strides;
  }

  /**
   * The strides that read a tensor of one shape as if it had been broadcast to another; 0 along a
   * repeated axis.
   */
  static long[] stridesAs(long[] from, long[] to) {
    long[] own = strides(from);
    long[] result = new long[to.length];
    for (int i = 0; i < from.length; i++) {
      int at = i + to.length - from.length;
      result[at] = from[i] == 1 && to[at] != 1 ? 0 : own[i];
    }
    return result;
  }

  /** The offset, by strides, of the element with a row-major index. */
  static long offset(long index, long[] shape, long[] strides) {
    long result = 0;
    for (int i = shape.length - 1; i >= 0; i--) {
      result += index % shape[i] * strides[i];
      index /= shape[i];
    }
    return result;
  }
}
