// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.adapt.Probe.Output;
import dev.whybox.yolo.HeadReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Boxes and scores in two tensors: two outputs, or what a model that picks the best candidates
 * itself picks from.
 */
final class PairHead {
  private PairHead() {}

  /** Two outputs. */
  static Optional<Reading> outputs(Probe probe) {
    List<Output> outputs = probe.outputs();
    if (outputs.size() != 2) {
      return Optional.empty();
    }
    Optional<Reading> usual =
        read(probe, "boxes-scores", outputs.get(0), outputs.get(1), false, "two outputs");
    return usual.isPresent()
        ? usual
        : read(probe, "boxes-scores", outputs.get(1), outputs.get(0), false, "two outputs");
  }

  /** What is there before the best candidates are picked. */
  static Optional<Reading> beforePick(Probe probe) {
    if (probe.cut().picks() == null || probe.gridTable().isPresent()) {
      return Optional.empty();
    }
    for (Output scores : probe.scores()) {
      for (Output boxes : probe.boxes()) {
        Optional<Reading> found =
            read(
                probe,
                "end-to-end",
                boxes,
                scores,
                !probe.cut().suppresses(),
                "read before " + probe.cut().picks() + " picks the best candidates");
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  static Optional<Reading> read(
      Probe probe, String head, Output where, Output what, boolean endToEnd, String how) {
    int[] sizes = where.sizes();
    // [N,candidates,1,4] is as good as [N,candidates,4].
    boolean flat = sizes.length == 3 && sizes[1] == 1;
    Output boxes =
        flat ? new Output(where.tensor(), new int[] {sizes[0], sizes[2]}, where.values()) : where;
    if (boxes.sizes().length != 2 || what.sizes().length != 2) {
      return Optional.empty();
    }
    for (int count : new int[] {boxes.sizes()[1], boxes.sizes()[0]}) {
      Table at = boxes.table(4, count).orElse(null);
      Table table = what.table(0, count).orElse(null);
      if (at != null && table != null && count > 1) {
        return reading(probe, head, at, table, flat, endToEnd, how);
      }
    }
    return Optional.empty();
  }

  private static Optional<Reading> reading(
      Probe probe,
      String head,
      Table at,
      Table scores,
      boolean flat,
      boolean endToEnd,
      String how) {
    int classes = scores.rows();
    boolean likely = scores.likely(0, classes);
    boolean logits = !likely && scores.logits(0, classes);
    Grid grid = probe.grid(at.count());
    boolean placed = grid == null || at.follows(grid) >= 0.5;
    if (!likely && !logits || !placed && !probe.forced()) {
      return Optional.empty();
    }
    Boxes boxes = Boxes.of(at, probe.size());
    boolean named = probe.names().size() == classes;
    List<String> notes = new ArrayList<>(List.of(how, boxes.text()));
    if (logits) {
      notes.add("scores get a sigmoid");
    }
    if (!named) {
      notes.add("%d classes, told from the scores' size".formatted(classes));
    }
    HeadReading means =
        new HeadReading(head, String.join("; ", notes), !named, classes, true, false, endToEnd);
    return Optional.of(
        Reading.boxes(
            means,
            named ? probe.names() : List.of(),
            at.count(),
            edit -> {
              Boxes squeezed =
                  flat
                      ? new Boxes(
                          edit.reshaped(at.tensor(), 0, at.count(), 4),
                          true,
                          boxes.corners(),
                          boxes.shares(),
                          boxes.size())
                      : boxes;
              String turned =
                  scores.candidatesFirst() ? edit.candidatesLast(scores.tensor()) : scores.tensor();
              return edit.stacked(
                  squeezed.written(edit, squeezed.rowsFirst(edit)),
                  logits ? edit.node("Sigmoid", List.of(turned)) : turned);
            }));
  }
}
