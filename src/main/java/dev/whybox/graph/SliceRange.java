// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;
import java.util.List;

/**
 * The range that a Slice takes, with one entry per axis of its input.
 *
 * @param starts the first index
 * @param steps the distance to the next index, never 0
 * @param sizes the number of indices
 */
public record SliceRange(long[] starts, long[] steps, long[] sizes) {

  /**
   * Reads the inputs of a Slice (data, starts, ends, axes, steps), for operator sets from 10 on.
   *
   * @param in the inputs; null for one that is left out
   * @param shape the sizes of the data
   * @return the range
   */
  public static SliceRange of(List<TensorData> in, long[] shape) {
    long[] from = in.get(1).asLongs();
    long[] to = in.get(2).asLongs();
    long[] axes = in.size() > 3 && in.get(3) != null ? in.get(3).asLongs() : null;
    long[] by = in.size() > 4 && in.get(4) != null ? in.get(4).asLongs() : null;
    SliceRange result = whole(shape);
    for (int i = 0; i < from.length; i++) {
      int axis = Dims.axis(axes == null ? i : axes[i], shape.length);
      long size = shape[axis];
      long step = by == null ? 1 : by[i];
      // An index beyond an end means that end. For a negative step, −1 is the position before the
      // first element.
      long lowest = step > 0 ? 0 : -1;
      long start = clamp(from[i], size, 0, step > 0 ? size : size - 1);
      long end = clamp(to[i], size, lowest, step > 0 ? size : size - 1);
      result.starts[axis] = start;
      result.steps[axis] = step;
      result.sizes[axis] =
          Math.max(
              0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
    }
    return result;
  }

  private static long clamp(long index, long size, long low, long high) {
    long value = index < 0 ? index + size : index;
    return Math.max(low, Math.min(high, value));
  }

  /**
   * The range from start to end along one axis, and everything along the others.
   *
   * @param shape the sizes of the data
   * @param axis the axis
   * @param start the first index
   * @param end one past the last index
   * @return the range
   */
  public static SliceRange along(long[] shape, int axis, long start, long end) {
    SliceRange result = whole(shape);
    result.starts[axis] = start;
    result.sizes[axis] = end - start;
    return result;
  }

  private static SliceRange whole(long[] shape) {
    long[] steps = new long[shape.length];
    Arrays.fill(steps, 1);
    return new SliceRange(new long[shape.length], steps, shape.clone());
  }
}
