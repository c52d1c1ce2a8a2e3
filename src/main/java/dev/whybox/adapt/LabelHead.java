// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.adapt.Probe.Output;
import dev.whybox.yolo.HeadReading;
import java.util.List;
import java.util.Optional;

/** Rows of x1, y1, x2, y2, score, label: the best class of each candidate, or of the kept ones. */
final class LabelHead {
  private static final int COCO = 80;
  private static final int ROWS = 6;

  private LabelHead() {}

  static Optional<Reading> of(Probe probe) {
    Output output = probe.outputs().get(0);
    if (probe.outputs().size() != 1 || output.sizes().length != 2) {
      return Optional.empty();
    }
    int[] sizes = output.sizes();
    Table table = output.table(ROWS, sizes[0]).or(() -> output.table(ROWS, sizes[1])).orElse(null);
    if (table == null || !table.whole(5) || !table.likely(4) || !table.corners()) {
      return Optional.empty();
    }
    if (table.all(4, 0) && table.all(0, 0) && !probe.forced()) {
      return Optional.empty(); // All zeros say nothing.
    }
    Boxes boxes = Boxes.of(table, probe.size());
    Table scores =
        probe.scores().stream()
            .flatMap(each -> each.table(0, table.count()).stream())
            .filter(each -> each.likely(0, each.rows()))
            .findFirst()
            .orElse(null);
    int named = probe.names().size();
    int most = (int) table.most(5) + 1;
    int classes = scores != null ? scores.rows() : named > 0 ? named : Math.max(COCO, most);
    if (most > classes) {
      return Optional.empty();
    }
    boolean known = named == classes;
    boolean many = probe.grid(table.count()) != null;
    String note =
        "columns x1, y1, x2, y2, score, label; "
            + (scores != null
                ? "the scores of all classes are read before the best is taken"
                : "only the score of the best class is known, so scores may jump")
            + (known ? "" : "; %d classes assumed".formatted(classes));
    HeadReading means =
        new HeadReading("scores-labels", note, !known, classes, true, scores == null, !many);
    return Optional.of(
        Reading.boxes(
            means,
            known ? probe.names() : List.of(),
            table.count(),
            edit -> {
              String all = boxes.rowsFirst(edit);
              String at = boxes.written(edit, edit.rows(all, 0, 4));
              return edit.stacked(
                  at, scores != null ? turned(edit, scores) : oneHot(edit, all, classes));
            }));
  }

  private static String turned(GraphEdit edit, Table scores) {
    return scores.candidatesFirst() ? edit.candidatesLast(scores.tensor()) : scores.tensor();
  }

  /** The score in its label's row, 0 in the others. */
  private static String oneHot(GraphEdit edit, String all, int classes) {
    double[] labels = new double[classes];
    java.util.Arrays.setAll(labels, i -> i);
    String each = edit.reals(List.of(1L, (long) classes, 1L), labels);
    // 1 at the label, since labels are whole numbers: max(0, 1 − |label − class|).
    String far = edit.node("Abs", List.of(edit.difference(edit.rows(all, 5, 6), each)));
    String near = edit.node("Relu", List.of(edit.difference(edit.reals(List.of(), 1), far)));
    return edit.product(edit.rows(all, 4, 5), near);
  }
}
