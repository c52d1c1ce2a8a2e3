// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.WhyboxException.UnknownLayout;
import dev.whybox.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A detector: an engine whose output is understood. Safe to share between threads. */
public final class YoloModel {
  private static final int DEFAULT_SIZE = 640;
  private static final int DEFAULT_STRIDE = 32;
  private static final Set<String> BOX_TASKS = Set.of("detect", "segment", "pose");
  private static final Pattern SIZE = Pattern.compile("\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");

  private final Engine engine;
  private final ModelInfo info;
  private final Head head;

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
    Map<String, String> metadata = engine.metadata();
    String task = metadata.getOrDefault("task", "detect");
    if (!BOX_TASKS.contains(task)) {
      throw new UnknownLayout(
          path
              + ": detectors are known (tasks detect, segment and pose); this model's task is "
              + task
              + ".");
    }
    int stride = stride(metadata);
    int[] input = inputSize(engine.inputShape(), metadata, size, stride, path);
    int[] output = engine.outputShape(input[0], input[1]);
    List<String> names = ClassNames.parse(metadata.get("names"));
    this.head = head(output, names, task, path);
    this.info =
        new ModelInfo(
            path,
            sha256,
            task,
            names.isEmpty()
                ? IntStream.range(0, head.classes()).mapToObj(c -> "class " + c).toList()
                : names,
            input[0],
            input[1],
            (int) Math.max(0, engine.inputShape()[0]),
            stride);
  }

  private static int stride(Map<String, String> metadata) {
    try {
      return Math.max(1, Integer.parseInt(metadata.getOrDefault("stride", "").trim()));
    } catch (NumberFormatException e) {
      return DEFAULT_STRIDE;
    }
  }

  /** Height and width: the model's own where fixed, else the wish, else what the metadata says. */
  private static int[] inputSize(
      long[] shape, Map<String, String> metadata, int size, int stride, String path) {
    if (shape[1] > 0 && shape[1] != 3) {
      throw new UnknownLayout(
          path
              + ": the image input must have 3 channels [N,3,H,W]; this one has "
              + shape[1]
              + ".");
    }
    if (size != 0 && (size < stride || size % stride != 0 || size > 8192)) {
      throw new BadArgument(
          "The input size must be a multiple of "
              + stride
              + " up to 8192 pixels, but is "
              + size
              + ".");
    }
    Matcher matcher = SIZE.matcher(metadata.getOrDefault("imgsz", ""));
    boolean known = matcher.find();
    int[] result = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      int fixed = (int) shape[2 + axis];
      if (fixed > 0 && size != 0 && size != fixed) {
        throw new BadArgument(
            path
                + ": the model's input is fixed at "
                + shape[2]
                + "×"
                + shape[3]
                + " (height × width), so a size of "
                + size
                + " is not possible. Export it with dynamic=True, or leave the size out.");
      }
      int own = known ? Integer.parseInt(matcher.group(1 + axis)) : DEFAULT_SIZE;
      result[axis] = fixed > 0 ? fixed : size != 0 ? size : own;
    }
    return result;
  }

  /**
   * Finds out which axis is which. There are always far more anchors than rows, but for tiny
   * inputs, where the number of class names decides.
   */
  private static Head head(int[] output, List<String> names, String task, String path) {
    int wanted = 4 + names.size();
    boolean exact = task.equals("detect") && !names.isEmpty();
    boolean anchorsFirst =
        exact
            ? output[0] != wanted && output[1] == wanted
            : output[1] < output[0] && output[1] >= wanted;
    int rows = anchorsFirst ? output[1] : output[0];
    int anchors = anchorsFirst ? output[0] : output[1];
    int classes = names.isEmpty() ? rows - 4 : names.size();
    if (exact ? rows != wanted : rows < Math.max(5, wanted)) {
      throw new UnknownLayout(
          path
              + ": the first output is [N,"
              + output[0]
              + ","
              + output[1]
              + "]. Known is the raw YOLOv8 head, [N,4+classes,anchors]"
              + (names.isEmpty() ? "" : ", here [N," + wanted + ",anchors]")
              + hint(output, wanted));
    }
    return new Head(classes, rows, anchors, anchorsFirst);
  }

  private static String hint(int[] output, int wanted) {
    if (output[1] == 6) {
      return ". This one has non-maximum suppression inside; export it with nms=False (and"
          + " end2end=False).";
    }
    if (output[1] == wanted + 1) {
      return ". This one has an objectness column as YOLOv5 and v7 have; convert the weights to an"
          + " anchor-free model such as yolov5u or YOLOv8.";
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
   * What runs it.
   *
   * @return the engine that was given
   */
  public Engine engine() {
    return engine;
  }

  Head head() {
    return head;
  }
}
