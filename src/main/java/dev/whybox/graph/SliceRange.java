// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import java.util.Arrays;
import java.util.List;

/**
 * What a Slice takes, an entry an axis of its input.
 *
 * @param starts the first index, within the axis
 * @param steps how far to the next, never 0
 * @param sizes how many
 */
public record SliceRange(long[] starts, long[] steps, long[] sizes) {

  /** Reads Slice's inputs (data, starts, ends, axes, steps) as of operator set 10. */
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
      // Beyond either end means the end; going backwards, −1 lies before the first element.
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

  /** From start to end along one axis, all of the others. */
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
