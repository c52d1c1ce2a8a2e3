// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kind of head: the table of layouts that are understood. A new one is a class and a line here.
 *
 * @param tasks the tasks whose models are explained by it, such as {@code detect}
 * @param reads makes the head of a model; empty where the model's layout is another one
 * @param description says what is expected of a model, for the message where nothing fits
 */
public record HeadKind(
    List<String> tasks,
    Function<Layout, Optional<Head>> reads,
    Function<Layout, String> description) {
  /** All of them; the first that fits is taken. */
  public static final List<HeadKind> ALL =
      List.of(RotatedHead.kind(), ClassHead.kind(), MaskHead.kind(), GridHead.kind());

  /**
   * The shapes and the metadata of a model, before its outputs are understood.
   *
   * @param outputs the sizes of each output after the batch; none where they are not known
   * @param height the input's height in pixels
   * @param width the input's width in pixels
   * @param names the class names; empty where the metadata has none
   * @param task from the metadata, such as {@code detect}
   */
  public record Layout(
      List<int[]> outputs, int height, int width, List<String> names, String task) {

    /**
     * One rule for the models that are explained and those that are looked into.
     *
     * @param outputs the sizes of each output after the batch; none where they are not known
     * @param input the size at which the model runs
     * @param metadata what the file says of itself; a model without a task is a detector
     * @return the layout
     */
    public static Layout of(List<int[]> outputs, InputChoice input, Map<String, String> metadata) {
      return new Layout(
          outputs,
          input.height(),
          input.width(),
          ClassNames.parse(metadata.get("names")),
          metadata.getOrDefault("task", "detect"));
    }

    /**
     * The first output.
     *
     * @return its sizes after the batch
     */
    public int[] output() {
      return outputs.get(0);
    }
  }

  /**
   * The head of a model that is to be explained.
   *
   * @param layout the shapes and the metadata of the model
   * @return empty where its layout is not known, or not for its task
   */
  public static Optional<Head> of(Layout layout) {
    return first(ALL.stream().filter(kind -> kind.tasks.contains(layout.task)), layout);
  }

  /**
   * The head of a model of any task, that is to be looked into. Of a model that can be explained it
   * is the head that explains it.
   *
   * @param layout the shapes and the metadata of the model
   * @return empty where its layout is not known
   */
  public static Optional<Head> ofAnyTask(Layout layout) {
    return of(layout).or(() -> first(ALL.stream(), layout));
  }

  private static Optional<Head> first(Stream<HeadKind> kinds, Layout layout) {
    return kinds.flatMap(kind -> kind.reads.apply(layout).stream()).findFirst();
  }

  /**
   * The tasks whose models can be explained.
   *
   * @return each once
   */
  public static List<String> allTasks() {
    return ALL.stream().map(HeadKind::tasks).flatMap(Collection::stream).distinct().toList();
  }
}
