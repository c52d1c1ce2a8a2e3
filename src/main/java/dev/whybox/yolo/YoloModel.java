// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.engine.Engine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.Port;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.yolo.HeadKind.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A detector: an engine whose output is understood. Safe to share between threads. */
public final class YoloModel {
  private final Engine engine;
  private final ModelInfo info;
  private final Head head;
  private final List<String> warnings;

  /**
   * Reads what the engine's model says of itself.
   *
   * @param engine the engine
   * @param path what the user named
   * @param sha256 the file's digest
   * @param size the side of the input in pixels for a model of free size, or 0 for the model's own
   * @throws UnknownLayout where this is no YOLO detector
   * @throws BadArgument where the size does not fit the model
   */
  public YoloModel(Engine engine, String path, String sha256, int size) {
    this.engine = engine;
    long[] inputShape = engine.inputShape();
    Map<String, String> metadata = engine.metadata();
    String task = metadata.getOrDefault("task", "detect");
    if (!HeadKind.allTasks().contains(task)) {
      throw new UnknownLayout(
          path
              + ": models of the tasks "
              + String.join(", ", HeadKind.allTasks())
              + " are known; this model's task is "
              + task
              + ". Take the detector of the same family.");
    }
    if (inputShape[1] > 0 && inputShape[1] != 3) {
      throw new UnknownLayout(
          path
              + ": the image input must have 3 channels [N,3,H,W]; this one has "
              + inputShape[1]
              + ". Export a model for colour images.");
    }
    InputChoice chosen = InputChoice.of(inputShape, metadata, size, path);
    List<int[]> outputs =
        engine.outputs(engine.smallestBatch(), chosen.height(), chosen.width()).stream()
            .map(YoloModel::afterBatch)
            .toList();
    ClassNames.Found named = ClassNames.read(metadata.get("names"));
    Layout layout = Layout.of(outputs, chosen, metadata);
    Optional<HeadReading> reading = HeadReading.of(metadata);
    this.head =
        reading
            .filter(HeadReading::written)
            .map(read -> read.head(outputs))
            .or(() -> HeadKind.of(layout))
            .orElseThrow(() -> unknown(layout, path));
    boolean fit = named.names().size() == head.classes();
    this.warnings =
        fit ? List.of() : named.unused(head.classes()).map(path::concat).stream().toList();
    this.info =
        new ModelInfo(
            path,
            sha256,
            task,
            fit
                ? named.names()
                : IntStream.range(0, head.classes()).mapToObj(c -> "class " + c).toList(),
            chosen.height(),
            chosen.width(),
            (int) Math.max(0, inputShape[0]),
            chosen.stride(),
            reading);
  }

  private YoloModel(Engine engine, ModelInfo info, Head head, List<String> warnings) {
    this.warnings = warnings;
    this.engine = engine;
    this.info = info;
    this.head = head;
  }

  /**
   * The same model as another engine runs it.
   *
   * @param other runs the same graph at the same size, such as on a GPU
   * @return a copy that shares nothing with the engine of this
   */
  public YoloModel on(Engine other) {
    return new YoloModel(other, info, head, warnings);
  }

  private static int[] afterBatch(Port port) {
    return Arrays.stream(port.shape()).skip(1).mapToInt(Math::toIntExact).toArray();
  }

  private static UnknownLayout unknown(Layout layout, String path) {
    String sizes =
        Arrays.stream(layout.output()).mapToObj(size -> "," + size).collect(Collectors.joining());
    return new UnknownLayout(
        path
            + ": the first output is [N"
            + sizes
            + "]. Known is "
            + HeadKind.ALL.stream()
                .filter(kind -> kind.tasks().contains(layout.task()))
                .map(kind -> kind.description().apply(layout))
                .collect(Collectors.joining(", or "))
            + hint(layout.output()));
  }

  private static String hint(int[] output) {
    boolean table = output.length == 2 && output[1] < output[0];
    if (table && output[0] <= 1000) {
      return ". This one seems to have non-maximum suppression or a fixed number of queries inside;"
          + " export a YOLOv8 detector with nms=False and end2end=False.";
    }
    if (table) {
      return ". This one seems to have an objectness column as YOLOv5 and v7 have; take an"
          + " anchor-free model such as YOLOv5u or YOLOv8.";
    }
    return ". Export the detector with `yolo export format=onnx nms=False`.";
  }

  /**
   * What the model says of itself.
   *
   * @return task, names, sizes
   */
  public ModelInfo info() {
    return info;
  }

  /**
   * What of the file could not be used, though the model runs.
   *
   * @return sentences, with the file's name; usually none
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * What runs it.
   *
   * @return the engine that was given
   */
  public Engine engine() {
    return engine;
  }

  /**
   * What understands the outputs.
   *
   * @return the head
   */
  public Head head() {
    return head;
  }

  /**
   * Opens a place to run as few images at a time as the model allows.
   *
   * @param threads how many threads a run may use, at least 1
   * @return a lane with the outputs that the head reads, whose first image is the one that counts;
   *     close it before the engine
   */
  public Lane lane(int threads) {
    return engine.lane(
        engine.smallestBatch(), info.inputHeight(), info.inputWidth(), head.outputs(), threads);
  }

  /**
   * Whether an anchor exists.
   *
   * @param anchor an index on the output's anchor axis
   * @return true where the head has it
   */
  public boolean hasAnchor(int anchor) {
    return anchor >= 0 && anchor < head.candidates();
  }
}
