// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import java.util.Locale;
import java.util.stream.Collectors;

/** Says why no head fits a model's outputs. */
final class Refusal {
  private Refusal() {}

  static String of(Probe probe, String head) {
    int named = probe.names().size();
    String rows = named == 0 ? "4+classes" : Integer.toString(4 + named);
    String known =
        HeadLayout.ALL.stream()
            .filter(layout -> head.isEmpty() || layout.name().equals(head))
            .map(layout -> layout.name() + " (" + layout.help() + ")")
            .collect(Collectors.joining("; "));
    Grid usual =
        new Grid(probe.size().height(), probe.size().width(), java.util.List.of(8, 16, 32), 1);
    return "the outputs are %s%s. %s%s: %s. Usual is the raw YOLOv8 head [N,%s,anchors] with %d anchors at this input size; `yolo export format=onnx nms=False` makes it.%s"
        .formatted(
            probe.text(),
            named == 0 ? "" : ", and the file names " + named + " classes",
            seen(probe),
            head.isEmpty() ? "No known head fits" : "They do not fit the head",
            known,
            rows,
            usual.count(),
            head.isEmpty() ? nearest(probe) : "");
  }

  /** What the numbers of the first output were like. */
  private static String seen(Probe probe) {
    Table table = probe.gridTable().orElse(null);
    if (table == null || table.rows() < 5) {
      return "";
    }
    int last = table.rows() - 1;
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int row = 4; row <= last; row++) {
      least = Math.min(least, table.least(row));
      most = Math.max(most, table.most(row));
    }
    return String.format(
        Locale.ROOT,
        "On a trial picture the first four numbers of a candidate reach to %.4g, the others from"
            + " %.4g to %.4g, where class scores are in 0 to 1. ",
        Math.max(Math.max(table.most(0), table.most(1)), Math.max(table.most(2), table.most(3))),
        least,
        most);
  }

  private static String nearest(Probe probe) {
    Table table = probe.gridTable().orElse(null);
    String name =
        table == null
            ? probe.outputs().size() == 2 ? "boxes-scores" : null
            : probe.grid(table.count()).perCell() == 3 ? "objectness" : "raw";
    return name == null ? "" : " If you know better, the nearest is --head " + name + ".";
  }
}
