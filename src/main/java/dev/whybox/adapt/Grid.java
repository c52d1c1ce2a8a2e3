// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import java.util.List;

/**
 * The cells of a detector's scales, one scale after the other, row by row.
 *
 * @param height of the input in pixels
 * @param width of the input in pixels
 * @param strides pixels per cell, one per scale
 * @param perCell candidates per cell: 1, or 3 with anchor boxes, each for all cells of its scale
 */
record Grid(int height, int width, List<Integer> strides, int perCell) {
  /** The strides of usual detectors. */
  private static final List<List<Integer>> STRIDES =
      List.of(
          List.of(8, 16, 32),
          List.of(4, 8, 16, 32),
          List.of(8, 16, 32, 64),
          List.of(4, 8, 16),
          List.of(8, 16),
          List.of(16, 32));

  /** The grid of so many candidates, or null. */
  static Grid of(int count, int height, int width) {
    for (int perCell : new int[] {1, 3}) {
      for (List<Integer> strides : STRIDES) {
        Grid grid = new Grid(height, width, strides, perCell);
        if (grid.count() == count) {
          return grid;
        }
      }
    }
    return null;
  }

  int columns(int stride) {
    return (width + stride - 1) / stride;
  }

  int lines(int stride) {
    return (height + stride - 1) / stride;
  }

  int count() {
    return strides.stream().mapToInt(s -> columns(s) * lines(s) * perCell).sum();
  }

  /** The column of a candidate's cell. */
  int column(int candidate) {
    Place place = place(candidate);
    return place.cell % columns(place.stride);
  }

  /** The line of a candidate's cell. */
  int line(int candidate) {
    Place place = place(candidate);
    return place.cell / columns(place.stride);
  }

  int stride(int candidate) {
    return place(candidate).stride;
  }

  /** The middle of a candidate's cell in pixels. */
  double x(int candidate) {
    return (column(candidate) + 0.5) * stride(candidate);
  }

  /** The middle of a candidate's cell in pixels. */
  double y(int candidate) {
    return (line(candidate) + 0.5) * stride(candidate);
  }

  private record Place(int stride, int cell) {}

  private Place place(int candidate) {
    int left = candidate;
    for (int stride : strides) {
      int cells = columns(stride) * lines(stride);
      if (left < cells * perCell) {
        return new Place(stride, left % cells);
      }
      left -= cells * perCell;
    }
    throw new IndexOutOfBoundsException(candidate);
  }
}
