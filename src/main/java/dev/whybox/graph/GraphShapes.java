// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The shapes, types and constants of a graph for a given image size. A batch that the model leaves
 * free stays free.
 *
 * <p>Everything is inferred at two batch sizes. Values that are equal at both are constants. A size
 * that differs grows with the batch and is written as a negative number: −3 means 3 · batch. So no
 * symbolic arithmetic is needed.
 */
public final class GraphShapes {
  private static final int FIRST_BATCH = 2;
  private static final int SECOND_BATCH = 3;

  private final OnnxGraph graph;
  private final Inference first;
  private final Inference second;
  private final Map<String, long[]> inputs;

  private GraphShapes(OnnxGraph graph, Map<String, long[]> inputs) {
    this.graph = graph;
    this.inputs = inputs;
    boolean free = inputs.values().stream().anyMatch(s -> s.length > 0 && s[0] < 0);
    this.first = new Inference(graph, at(inputs, FIRST_BATCH));
    this.second = free ? new Inference(graph, at(inputs, SECOND_BATCH)) : first;
  }

  /**
   * Infers the shapes of a model with one image input {@code [batch, 3, height, width]}.
   *
   * @param graph the graph
   * @param height the image's height, or 0 for the model's own
   * @param width the image's width, or 0 for the model's own
   * @return its shapes
   * @throws BadArgument if a size is missing or is not the model's own
   * @throws UnsupportedGraph if the graph contradicts itself at this size
   */
  public static GraphShapes of(OnnxGraph graph, int height, int width) {
    Map<String, long[]> inputs = new HashMap<>();
    for (ValueInfoProto input : graph.inputs().values()) {
      long[] shape = declared(input);
      if (shape.length == 4) {
        fix(shape, 2, height, "height");
        fix(shape, 3, width, "width");
      }
      for (int i = 1; i < shape.length; i++) {
        if (shape[i] <= 0) {
          throw new BadArgument(
              "The model leaves the sizes of the input "
                  + input.getName()
                  + " free. Give a height and a width in pixels.");
        }
      }
      inputs.put(input.getName(), shape);
    }
    return new GraphShapes(graph, inputs);
  }

  /**
   * Infers the shapes of a model with any inputs.
   *
   * @param graph the graph
   * @param inputs the sizes of each input; a negative first size is a free batch
   * @return its shapes
   * @throws UnsupportedGraph if the graph contradicts itself at these sizes
   */
  public static GraphShapes of(OnnxGraph graph, Map<String, long[]> inputs) {
    return new GraphShapes(graph, inputs);
  }

  private static void fix(long[] shape, int axis, int wanted, String what) {
    if (wanted > 0 && shape[axis] > 0 && shape[axis] != wanted) {
      throw new BadArgument(
          "The model's input "
              + what
              + " is fixed at "
              + shape[axis]
              + " pixels, but "
              + wanted
              + " was asked for. Export it with dynamic=True, or leave the size out.");
    }
    shape[axis] = shape[axis] > 0 ? shape[axis] : wanted > 0 ? wanted : shape[axis];
  }

  /**
   * The sizes of an input or output as the file declares them.
   *
   * @param value an input or output
   * @return one entry per axis; −1 for a free size
   */
  public static long[] declared(ValueInfoProto value) {
    TensorShapeProto shape = value.getType().getTensorType().getShape();
    return shape.getDimList().stream()
        .mapToLong(d -> d.hasDimValue() ? d.getDimValue() : -1)
        .map(d -> d > 0 ? d : -1)
        .toArray();
  }

  private static Map<String, long[]> at(Map<String, long[]> inputs, int batch) {
    Map<String, long[]> result = new HashMap<>();
    inputs.forEach(
        (name, shape) -> {
          long[] concrete = shape.clone();
          if (concrete.length > 0 && concrete[0] < 0) {
            concrete[0] *= -batch;
          }
          result.put(name, concrete);
        });
    return result;
  }

  /**
   * The sizes for which the shapes were inferred.
   *
   * @return the sizes of each input; a first size of −1 is a free batch
   */
  public Map<String, long[]> inputs() {
    return inputs;
  }

  /**
   * Whether the shape of a tensor is known.
   *
   * @param tensor its name
   * @return false if an unknown operator comes before it
   */
  public boolean knows(String tensor) {
    return first.get(tensor) != null && second.get(tensor) != null;
  }

  /**
   * A tensor's sizes.
   *
   * @param tensor its name
   * @return one entry per axis; −k means k · batch
   * @throws UnsupportedGraph if they are not known
   */
  public long[] shape(String tensor) {
    require(tensor);
    long[] a = first.get(tensor).shape();
    long[] b = second.get(tensor).shape();
    if (Arrays.equals(a, b)) {
      return a.clone();
    }
    long[] result = new long[a.length];
    for (int i = 0; i < a.length; i++) {
      boolean grows =
          a.length == b.length && a[i] * SECOND_BATCH == b[i] * FIRST_BATCH && a[i] != b[i];
      if (!grows && (a.length != b.length || a[i] != b[i])) {
        throw new UnsupportedGraph(
            "The tensor "
                + tensor
                + " has sizes that are not multiples of the batch: "
                + Arrays.toString(a)
                + " at batch "
                + FIRST_BATCH
                + ", "
                + Arrays.toString(b)
                + " at batch "
                + SECOND_BATCH
                + ".");
      }
      result[i] = grows ? -a[i] / FIRST_BATCH : a[i];
    }
    return result;
  }

  /**
   * A tensor's element type.
   *
   * @param tensor its name
   * @return such as FLOAT
   * @throws UnsupportedGraph if it is not known
   */
  public DataType type(String tensor) {
    require(tensor);
    return first.get(tensor).type();
  }

  private void require(String tensor) {
    if (!knows(tensor)) {
      throw new UnsupportedGraph(
          "The sizes of the tensor "
              + tensor
              + " are not known"
              + (graph.producer(tensor) == null
                  ? "."
                  : ": "
                      + OnnxGraph.describe(graph.producer(tensor))
                      + " makes it; this operator, or one before it, is not known."));
    }
  }

  /**
   * The values of a tensor that is the same for every image and every batch.
   *
   * @param tensor its name
   * @return the values, or null if it is not constant
   */
  public TensorData constant(String tensor) {
    return isConstant(tensor) ? first.get(tensor).value() : null;
  }

  /**
   * Whether values of a type are real numbers.
   *
   * @param type a tensor's element type
   * @return true for floating point of any width
   */
  public static boolean isReal(DataType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  /**
   * Whether a tensor is the same for every image and every batch.
   *
   * @param tensor its name
   * @return true for constants
   */
  public boolean isConstant(String tensor) {
    Known known = first.get(tensor);
    return knows(tensor) && known.isConstant() && known.sameConstant(second.get(tensor));
  }
}
