// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;

/** Sizes of a tensor: what counts, broadcasts and indexes. */
public final class Dims {
  private Dims() {}

  public static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  public static int axis(long axis, int rank) {
    long result = axis < 0 ? axis + rank : axis;
    if (result < 0 || result >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of a tensor of rank " + rank);
    }
    return (int) result;
  }

  /** NumPy's rule: aligned at the last axis, a size of 1 stretches. */
  static long[] broadcast(long[] a, long[] b) {
    int rank = Math.max(a.length, b.length);
    long[] result = new long[rank];
    for (int i = 0; i < rank; i++) {
      long x = aligned(a, rank, i);
      long y = aligned(b, rank, i);
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(
            "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
      }
      result[i] = x == 1 ? y : x;
    }
    return result;
  }

  /** The size on an axis of a higher rank; missing leading axes count as 1. */
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

  /** Steps through a tensor of one shape as if it had the other: 0 along a stretched axis. */
  static long[] stridesAs(long[] from, long[] to) {
    long[] own = strides(from);
    long[] result = new long[to.length];
    for (int i = 0; i < from.length; i++) {
      int at = i + to.length - from.length;
      result[at] = from[i] == 1 && to[at] != 1 ? 0 : own[i];
    }
    return result;
  }

  /** Adds up strides at a row-major index. */
  static long offset(long index, long[] shape, long[] strides) {
    long result = 0;
    for (int i = shape.length - 1; i >= 0; i--) {
      result += index % shape[i] * strides[i];
      index /= shape[i];
    }
    return result;
  }
}
