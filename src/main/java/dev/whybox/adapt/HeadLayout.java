// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A head as exporters write it: the table of {@code --head}. A new one is a class and a line here.
 *
 * @param name as {@code --head} takes it
 * @param help what its outputs are and which models have it
 * @param reads how the outputs of a model are to be understood; empty where they are another head's
 */
public record HeadLayout(String name, String help, Function<Probe, Optional<Reading>> reads) {
  /** All of them; the first that fits is taken. Each is told from the others by its numbers. */
  public static final List<HeadLayout> ALL =
      List.of(
          new HeadLayout(
              "end-to-end",
              "[N,300,6] of YOLO26, YOLOv10, nms=True, and the outputs of RT-DETR, read before the"
                  + " best candidates are picked",
              PairHead::beforePick),
          new HeadLayout("scores-labels", "[N,A,6] of x1, y1, x2, y2, score, label", LabelHead::of),
          new HeadLayout(
              "yolox", "[N,A,5+classes] of offsets from cells; input BGR 0 to 255", YoloxHead::of),
          new HeadLayout("yolov6", "[N,A,5+classes] with an objectness of 1", ObjectnessHead::ones),
          new HeadLayout(
              "objectness",
              "[N,A,5+classes] of YOLOv5 and YOLOv7; the score is objectness times class",
              ObjectnessHead::of),
          new HeadLayout(
              "raw", "[N,4+classes,A] of YOLOv8 and YOLO11, in pixels or in 0 to 1", RawHead::of),
          new HeadLayout(
              "boxes-scores",
              "boxes [N,A,4] and scores [N,A,classes] as two outputs",
              PairHead::outputs),
          new HeadLayout(
              "scales",
              "maps [N,64+classes,height,width] per scale, or two per scale, before the boxes are"
                  + " computed",
              ScalesHead::of));

  /**
   * The names of all heads.
   *
   * @return in the order of the table
   */
  public static List<String> names() {
    return ALL.stream().map(HeadLayout::name).toList();
  }
}
