// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.engine.Engine;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.image.Box;
import java.nio.FloatBuffer;
import java.util.Arrays;
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
  private static final int MAX_SIZE = 8192;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
  private static final Pattern SIZE = Pattern.compile("\\[\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*]");

  /** Strides of the detection layers: the usual P3 to P5, and the variants with P2 and with P6. */
  private static final List<int[]> STRIDES =
      List.of(new int[] {8, 16, 32}, new int[] {4, 8, 16, 32}, new int[] {8, 16, 32, 64});

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
    long[] inputShape = engine.inputShape();
    Map<String, String> metadata = engine.metadata();
    String task = metadata.getOrDefault("task", "detect");
    if (!BOX_TASKS.contains(task)) {
      throw new UnknownLayout(
          path
              + ": detectors are known (tasks detect, segment and pose); this model's task is "
              + task
              + ". Take the detector of the same family.");
    }
    int stride = stride(metadata);
    int[] input = inputSize(inputShape, metadata, size, stride, path);
    int[] output = engine.outputShape(input[0], input[1]);
    List<String> names = ClassNames.parse(metadata.get("names"));
    this.head = head(output, input, names, task, path);
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
            (int) Math.max(0, inputShape[0]),
            stride);
  }

  private YoloModel(Engine engine, ModelInfo info, Head head) {
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
    return new YoloModel(other, info, head);
  }

  private static int stride(Map<String, String> metadata) {
    Matcher matcher = NUMBER.matcher(metadata.getOrDefault("stride", ""));
    return matcher.find() ? Math.max(1, Integer.parseInt(matcher.group())) : DEFAULT_STRIDE;
  }

  /** Height and width: the model's own where fixed, else the wish, else what the metadata says. */
  private static int[] inputSize(
      long[] shape, Map<String, String> metadata, int size, int stride, String path) {
    if (shape[1] > 0 && shape[1] != 3) {
      throw new UnknownLayout(
          path
              + ": the image input must have 3 channels [N,3,H,W]; this one has "
              + shape[1]
              + ". Export a model for colour images.");
    }
    if (size != 0 && !possible(size, stride)) {
      throw new BadArgument(
          "The input size must be a multiple of "
              + stride
              + " up to "
              + MAX_SIZE
              + " pixels, but is "
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
      if (fixed <= 0 && !possible(result[axis], stride)) {
        throw new UnknownLayout(
            path
                + ": the metadata gives an image size of "
                + result[axis]
                + ", but a multiple of the stride "
                + stride
                + " up to "
                + MAX_SIZE
                + " is needed. Name a size with --size.");
      }
    }
    return result;
  }

  private static boolean possible(int size, int stride) {
    return size >= stride && size % stride == 0 && size <= MAX_SIZE;
  }

  /** Finds out which axis is which: the anchors are as many as the input has grid cells. */
  private static Head head(
      int[] output, int[] input, List<String> names, String task, String path) {
    boolean anchorsLast = isAnchors(output[1], input);
    int rows = anchorsLast ? output[0] : output[1];
    int anchors = anchorsLast ? output[1] : output[0];
    int wanted = 4 + names.size();
    boolean plain = task.equals("detect") && !names.isEmpty();
    boolean fits = plain ? rows == wanted : rows >= Math.max(5, wanted);
    if (!isAnchors(anchors, input) || !fits) {
      throw new UnknownLayout(
          path
              + ": the first output is [N,"
              + output[0]
              + ","
              + output[1]
              + "]. Known is the raw YOLOv8 head, [N,"
              + (names.isEmpty() ? "4+classes" : wanted)
              + ",anchors], with "
              + cells(input, STRIDES.get(0))
              + " anchors at this input size"
              + hint(output));
    }
    int classes = names.isEmpty() ? rows - 4 : names.size();
    return new Head(classes, rows, anchors, !anchorsLast);
  }

  private static boolean isAnchors(int count, int[] input) {
    return STRIDES.stream().anyMatch(strides -> cells(input, strides) == count);
  }

  private static long cells(int[] input, int[] strides) {
    return Arrays.stream(strides)
        .mapToLong(stride -> (long) ceil(input[0], stride) * ceil(input[1], stride))
        .sum();
  }

  private static int ceil(int size, int stride) {
    return (size + stride - 1) / stride;
  }

  private static String hint(int[] output) {
    if (output[0] <= 1000 && output[1] < output[0]) {
      return ". This one seems to have non-maximum suppression or a fixed number of queries inside;"
          + " export a YOLOv8 detector with nms=False and end2end=False.";
    }
    if (output[1] < output[0]) {
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
   * What runs it.
   *
   * @return the engine that was given
   */
  public Engine engine() {
    return engine;
  }

  /**
   * Whether an anchor exists.
   *
   * @param anchor an index on the output's anchor axis
   * @return true where the head has it
   */
  public boolean hasAnchor(int anchor) {
    return anchor >= 0 && anchor < head.anchors();
  }

  /**
   * Where a class's probability lies in the raw output.
   *
   * @param classId a class
   * @param anchor an anchor
   * @return an index an axis, for the first image
   */
  public long[] classIndex(int classId, int anchor) {
    return index(head.classRow(classId), anchor);
  }

  /**
   * Where a coordinate of an anchor's box lies in the raw output.
   *
   * @param which 0 to 3: the centre's x, its y, width, height
   * @param anchor an anchor
   * @return an index an axis, for the first image
   */
  public long[] boxIndex(int which, int anchor) {
    return index(which, anchor);
  }

  private long[] index(int row, int anchor) {
    return head.anchorsFirst() ? new long[] {0, anchor, row} : new long[] {0, row, anchor};
  }

  /**
   * A class's probabilities at all anchors.
   *
   * @param output the engine's output
   * @param classId a class
   * @return a value an anchor, for the first image
   */
  public float[] probabilities(FloatBuffer output, int classId) {
    float[] row = new float[head.anchors()];
    head.row(output, 0, head.classRow(classId), row);
    return row;
  }

  /**
   * The box of an anchor.
   *
   * @param output the engine's output
   * @param anchor an index on the output's anchor axis
   * @return in input pixels, for the first image
   */
  public Box box(FloatBuffer output, int anchor) {
    return head.box(output, 0, anchor);
  }

  Head head() {
    return head;
  }
}
