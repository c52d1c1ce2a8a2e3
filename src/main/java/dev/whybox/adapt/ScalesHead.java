// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import dev.whybox.adapt.Probe.Output;
import dev.whybox.graph.Attributes;
import dev.whybox.yolo.HeadReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Maps of the scales as YOLOv8's convolutions leave them, as compilers for phones and boards take
 * them: 16 numbers per side of a box, whose softmax weighs the distances 0 to 15 (distribution
 * focal loss, Li et al. 2020), and the classes. A scale is one map, or two.
 */
final class ScalesHead {
  private static final int BINS = 16;
  private static final int SIDES = 4 * BINS;
  private static final int COCO = 80;

  private ScalesHead() {}

  /** The maps of a scale. */
  private record Scale(String boxes, String classes, int channels) {}

  static Optional<Reading> of(Probe probe) {
    Map<Integer, List<Output>> byStride = new LinkedHashMap<>();
    for (Output output : probe.outputs()) {
      int[] sizes = output.sizes();
      if (sizes.length != 3 || sizes[1] == 0 || probe.size().height() % sizes[1] != 0) {
        return Optional.empty();
      }
      int stride = probe.size().height() / sizes[1];
      if (sizes[2] * stride != probe.size().width()) {
        return Optional.empty();
      }
      byStride.computeIfAbsent(stride, s -> new ArrayList<>()).add(output);
    }
    List<Integer> strides = byStride.keySet().stream().sorted().toList();
    Grid grid = new Grid(probe.size().height(), probe.size().width(), strides, 1);
    int named = probe.names().size();
    List<Scale> scales = new ArrayList<>();
    int classes = -1;
    boolean likely = true;
    for (int stride : strides) {
      List<Output> maps = byStride.get(stride);
      Output joint = maps.size() == 1 ? maps.get(0) : null;
      Output boxes = null;
      Output scores = joint;
      for (Output map : joint == null ? maps : List.<Output>of()) {
        boolean sides = map.sizes()[0] == SIDES && boxes == null;
        boxes = sides ? map : boxes;
        // A third map of one channel, the sum of the scores, is a help for boards alone.
        scores = sides || map.sizes()[0] == 1 && named != 1 ? scores : map;
      }
      int found = joint != null ? joint.sizes()[0] - SIDES : scores == null ? 0 : scores.sizes()[0];
      boolean fits =
          found > 0 && (classes < 0 || classes == found) && (joint != null || boxes != null);
      // A map of 3 anchor boxes per cell has other channels: only COCO's or the names' are sure.
      boolean sure = joint == null || found == (named > 0 ? named : COCO) || probe.forced();
      if (!fits || !sure || named > 0 && named != found) {
        return Optional.empty();
      }
      classes = found;
      int skip = joint == null ? 0 : SIDES * scores.sizes()[1] * scores.sizes()[2];
      float[] values = scores.values();
      likely &=
          IntStream.range(skip, values.length).allMatch(i -> values[i] >= 0 && values[i] <= 1);
      scales.add(
          new Scale(joint == null ? boxes.tensor() : null, scores.tensor(), scores.sizes()[0]));
    }
    boolean logits = !likely;
    int count = classes;
    String note =
        "boxes are distributions of distances on %d scales%s%s"
            .formatted(
                strides.size(),
                logits ? "; scores get a sigmoid" : "",
                named == 0 ? "; %d classes, told from the maps' size".formatted(classes) : "");
    HeadReading means = new HeadReading("scales", note, named == 0, classes, true, false, false);
    return Optional.of(
        Reading.boxes(
            means,
            probe.names(),
            grid.count(),
            edit -> written(edit, scales, grid, count, logits)));
  }

  private static String written(
      GraphEdit edit, List<Scale> scales, Grid grid, int classes, boolean logits) {
    List<String> sides = new ArrayList<>();
    List<String> scores = new ArrayList<>();
    for (Scale scale : scales) {
      String flat = edit.reshaped(scale.classes, 0, scale.channels, -1);
      boolean joint = scale.boxes == null;
      sides.add(joint ? edit.rows(flat, 0, SIDES) : edit.reshaped(scale.boxes, 0, SIDES, -1));
      scores.add(joint ? edit.rows(flat, SIDES, SIDES + classes) : flat);
    }
    int n = grid.count();
    String all = edit.node("Concat", sides, Attributes.of("axis", 2));
    String bins =
        edit.node(
            "Transpose",
            List.of(edit.reshaped(all, 0, 4, BINS, n)),
            Attributes.of("perm", new long[] {0, 1, 3, 2}));
    String weights = edit.node("Softmax", List.of(bins), Attributes.of("axis", 3));
    double[] steps = new double[BINS];
    java.util.Arrays.setAll(steps, i -> i);
    String distances =
        edit.reshaped(
            edit.node("MatMul", List.of(weights, edit.reals(List.of((long) BINS, 1L), steps))),
            0,
            4,
            n);
    double[] middles = new double[2 * n];
    double[] strides = new double[n];
    for (int i = 0; i < n; i++) {
      middles[i] = grid.column(i) + 0.5;
      middles[n + i] = grid.line(i) + 0.5;
      strides[i] = grid.stride(i);
    }
    String middle = edit.reals(List.of(1L, 2L, (long) n), middles);
    String corners =
        edit.stacked(
            edit.difference(middle, edit.rows(distances, 0, 2)),
            edit.sum(middle, edit.rows(distances, 2, 4)));
    String stride = edit.reals(List.of(1L, 1L, (long) n), strides);
    String likely = edit.node("Concat", scores, Attributes.of("axis", 2));
    return edit.stacked(
        edit.product(edit.centred(corners), stride),
        logits ? edit.node("Sigmoid", List.of(likely)) : likely);
  }
}
