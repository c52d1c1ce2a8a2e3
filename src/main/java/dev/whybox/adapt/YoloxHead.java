// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.HeadReading;
import java.util.List;
import java.util.Optional;

/**
 * YOLOX (Ge et al. 2021) as its authors export it: offsets from cells, logarithms of sizes,
 * objectness, classes; the picture is blue, green, red from 0 to 255.
 */
final class YoloxHead {
  private YoloxHead() {}

  static Optional<Reading> of(Probe probe) {
    Table table = probe.gridTable().orElse(null);
    if (table == null || table.rows() < 6) {
      return Optional.empty();
    }
    Grid grid = probe.grid(table.count());
    int named = probe.names().size();
    int classes = table.rows() - 5;
    if (grid.perCell() != 1
        || named > 0 && named != classes
        || !table.likely(4, table.rows())
        || table.all(4, 1)
        || table.follows(grid) >= 0.5) {
      return Optional.empty();
    }
    int n = table.count();
    double[] cells = new double[2 * n];
    double[] strides = new double[n];
    for (int i = 0; i < n; i++) {
      cells[i] = grid.column(i);
      cells[n + i] = grid.line(i);
      strides[i] = grid.stride(i);
    }
    HeadReading means =
        new HeadReading(
            "yolox",
            "boxes are offsets from cells; scores are objectness times class; the picture is given"
                + " as BGR from 0 to 255 (--input rgb,scale=1 for other values)",
            true,
            classes,
            true,
            true,
            false);
    return Optional.of(
        new Reading(
            means,
            InputValues.of("bgr,scale=255"),
            probe.names(),
            "detect",
            4 + classes,
            n,
            edit -> {
              String all =
                  table.candidatesFirst() ? edit.candidatesLast(table.tensor()) : table.tensor();
              String stride = edit.reals(List.of(1L, 1L, (long) n), strides);
              String cell = edit.reals(List.of(1L, 2L, (long) n), cells);
              String middle = edit.product(edit.sum(edit.rows(all, 0, 2), cell), stride);
              String size = edit.product(edit.node("Exp", List.of(edit.rows(all, 2, 4))), stride);
              String scores = edit.product(edit.rows(all, 5, table.rows()), edit.rows(all, 4, 5));
              return edit.stacked(middle, size, scores);
            }));
  }
}
