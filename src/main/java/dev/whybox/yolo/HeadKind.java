// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of head: the table of layouts that are understood. A new one is a class and a line here.
 *
 * @param name what it is called in messages
 * @param reads makes the head of a model; empty where the model's layout is another one
 */
public record HeadKind(String name, Function<Layout, Optional<Head>> reads) {
  /** All of them; the first that fits is taken. */
  public static final List<HeadKind> ALL =
      List.of(new HeadKind("the raw YOLOv8 head [N,4+classes,anchors]", GridHead::of));

  /**
   * The shapes and the metadata of a model, before its output is understood.
   *
   * @param output the sizes of the first output, after the batch
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param names the class names; empty where the metadata has none
   * @param task from the metadata, such as {@code detect}
   */
  public record Layout(int[] output, int height, int width, List<String> names, String task) {}

  /**
   * The head of a model.
   *
   * @param layout the shapes and the metadata of the model
   * @return empty where its layout is not known
   */
  public static Optional<Head> of(Layout layout) {
    return ALL.stream().flatMap(kind -> kind.reads().apply(layout).stream()).findFirst();
  }
}
