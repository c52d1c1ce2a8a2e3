// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.HeadReading;
import java.util.Optional;

/**
 * A number that says whether there is an object, then the classes, as YOLOv5 and YOLOv7 have them:
 * the score is objectness × class. YOLOv6 writes the column too, but with 1 in it.
 */
final class ObjectnessHead {
  private static final int COCO = 80;

  private ObjectnessHead() {}

  static Optional<Reading> of(Probe probe) {
    return read(probe, false);
  }

  static Optional<Reading> ones(Probe probe) {
    return read(probe, true);
  }

  private static Optional<Reading> read(Probe probe, boolean ones) {
    Table table = probe.gridTable().orElse(null);
    if (table == null || table.rows() < 6) {
      return Optional.empty();
    }
    Grid grid = probe.grid(table.count());
    int named = probe.names().size();
    int prototypes = RawHead.prototypes(probe);
    int classes = named > 0 ? named : table.rows() - 5 - prototypes;
    boolean sure = grid.perCell() == 3 || ones || table.rows() == 5 + named;
    boolean usual = named == 0 && table.rows() == 5 + COCO;
    boolean fits = classes > 0 && table.rows() == 5 + classes + prototypes;
    if (!fits
        || !(sure || usual || probe.forced())
        || table.all(4, 1) != ones
        || !table.likely(4, 5 + classes)
        || table.follows(grid) < 0.8) {
      return Optional.empty();
    }
    Boxes boxes = Boxes.of(table, probe.size());
    String note =
        (ones ? "the objectness is always 1 and left out" : "scores are objectness times class")
            + "; "
            + boxes.text()
            + (named == 0 ? "; %d classes, told from the output's size".formatted(classes) : "");
    HeadReading means =
        new HeadReading(
            ones ? "yolov6" : "objectness", note, named == 0, classes, true, !ones, false);
    return Optional.of(
        Reading.boxes(
            means,
            probe.names(),
            table.count(),
            edit -> {
              String all = boxes.rowsFirst(edit);
              String likely = edit.rows(all, 5, 5 + classes);
              return edit.stacked(
                  boxes.written(edit, edit.rows(all, 0, 4)),
                  ones ? likely : edit.product(likely, edit.rows(all, 4, 5)));
            }));
  }
}
