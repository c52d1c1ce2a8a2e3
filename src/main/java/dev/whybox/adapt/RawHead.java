// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.yolo.HeadReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Boxes and class probabilities of all candidates in one output, as YOLOv8 and YOLO11 have it. */
final class RawHead {
  private static final double TURN = Math.PI;

  private RawHead() {}

  static Optional<Reading> of(Probe probe) {
    Optional<Table> table = probe.gridTable();
    return table.isPresent() && probe.grid(table.get().count()).perCell() == 1
        ? read(probe, table.get())
        : Optional.empty();
  }

  private static Optional<Reading> read(Probe probe, Table table) {
    boolean named = !probe.names().isEmpty();
    if (!named && !probe.forced() && table.follows(probe.grid(table.count())) < 0.5) {
      return Optional.empty(); // Offsets from cells, of another head.
    }
    boolean logits = table.logits(4, table.rows());
    int classes = named ? probe.names().size() : logits ? table.rows() - 4 : classes(probe, table);
    int more = table.rows() - 4 - classes;
    if (classes < 1 || more < 0 || !logits && !table.likely(4, 4 + classes)) {
      return Optional.empty();
    }
    String task = more == 0 ? "detect" : task(probe, table, more);
    if (task == null) {
      return Optional.empty();
    }
    boolean shares = table.shares();
    boolean corners = table.corners();
    List<String> notes = new ArrayList<>();
    if (shares) {
      notes.add("boxes are shares of the input's sides");
    }
    if (corners) {
      notes.add("boxes are corners");
    }
    if (logits) {
      notes.add("scores get a sigmoid");
    }
    if (!named) {
      notes.add("%d classes of the task %s, told from the output's size".formatted(classes, task));
    }
    if (named && more > 0) {
      notes.add("the task " + task + ", told from the output's numbers");
    }
    boolean changes = shares || corners || logits;
    HeadReading means =
        new HeadReading(
            "raw",
            String.join("; ", notes),
            !notes.isEmpty(),
            classes,
            changes && more == 0,
            false,
            false);
    Boxes boxes = Boxes.of(table, probe.size());
    return Optional.of(
        new Reading(
            means,
            null,
            probe.names(),
            task,
            table.rows(),
            table.count(),
            changes
                ? edit -> {
                  String all = boxes.rowsFirst(edit);
                  String scores = edit.rows(all, 4, table.rows());
                  return edit.stacked(
                      boxes.written(edit, edit.rows(all, 0, 4)),
                      logits ? edit.node("Sigmoid", List.of(scores)) : scores);
                }
                : null));
  }

  /** How many rows behind the boxes are probabilities, where the file has no names. */
  private static int classes(Probe probe, Table table) {
    int prototypes = prototypes(probe);
    if (prototypes > 0) {
      return table.rows() - 4 - prototypes;
    }
    int classes = 0;
    while (4 + classes < table.rows() && table.likely(4 + classes)) {
      classes++;
    }
    return classes;
  }

  /** Masks have an output of prototypes, and as many coefficients per candidate. */
  static int prototypes(Probe probe) {
    return probe.outputs().stream()
        .skip(1)
        .filter(output -> output.sizes().length == 3)
        .mapToInt(output -> output.sizes()[0])
        .findFirst()
        .orElse(0);
  }

  private static String task(Probe probe, Table table, int more) {
    if (prototypes(probe) == more) {
      return "segment";
    }
    int last = table.rows() - 1;
    if (more == 1) {
      return table.least(last) >= -TURN && table.most(last) <= TURN ? "obb" : null;
    }
    return more % 3 == 0 || more % 2 == 0 ? "pose" : null;
  }
}
