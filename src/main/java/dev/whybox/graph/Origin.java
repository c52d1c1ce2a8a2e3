// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.error.WhyboxException.BadArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The origin of an element of a tensor: the place where it was first computed. A detector's head
 * joins, reshapes and splits the maps of three scales. Followed back through these operators, the
 * class score of an anchor is one element of one convolution's result, before the sigmoid. Its
 * gradient then needs only the head of that scale. The origin of a box's coordinate is the last
 * node of its arithmetic.
 *
 * @param tensor the name of the tensor in which the element first appears
 * @param shape that tensor's sizes for one image
 * @param index the element's position, 0 on the batch axis
 */
public record Origin(String tensor, long[] shape, long[] index) {

  /**
   * Follows an element back through operators that only move elements, and the sigmoid.
   *
   * @param graph the graph
   * @param shapes its shapes
   * @param tensor a tensor, such as the model's output
   * @param index the element's position in it, for the first image: one entry per axis
   * @return its origin; the element itself if the last operator computes it
   * @throws BadArgument if there is no such element
   */
  public static Origin of(OnnxGraph graph, GraphShapes shapes, String tensor, long... index) {
    return trace(graph, shapes, tensor, index, false);
  }

  /**
   * Follows an element back to the input of the first sigmoid and no further. If one sigmoid makes
   * the scores of all anchors, its input holds all their logits in one tensor.
   *
   * @param graph the graph
   * @param shapes its shapes
   * @param tensor a tensor, such as the model's output
   * @param index the element's position in it, for the first image: one entry per axis
   * @return the element in the sigmoid's input; the same as {@link #of} if there is no sigmoid
   * @throws BadArgument if there is no such element
   */
  public static Origin beforeSigmoid(
      OnnxGraph graph, GraphShapes shapes, String tensor, long... index) {
    return trace(graph, shapes, tensor, index, true);
  }

  private static Origin trace(
      OnnxGraph graph, GraphShapes shapes, String tensor, long[] index, boolean toSigmoid) {
    Origin origin = new Origin(tensor, single(shapes.shape(graph.require(tensor))), index.clone());
    boolean inside = index.length == origin.shape.length;
    for (int i = 0; i < index.length && inside; i++) {
      inside = index[i] >= 0 && index[i] < origin.shape[i];
    }
    if (!inside) {
      throw new BadArgument(
          "The tensor "
              + tensor
              + " has the sizes "
              + Arrays.toString(origin.shape)
              + " per image, so there is no element "
              + Arrays.toString(index)
              + ".");
    }
    Origin next = origin;
    while (next != null) {
      origin = next;
      NodeProto node = graph.producer(origin.tensor);
      next = node == null ? null : origin.before(node, graph, shapes);
      if (toSigmoid && node != null && node.getOpType().equals("Sigmoid")) {
        return next == null ? origin : next;
      }
    }
    return origin;
  }

  /** The sizes for a batch of one. */
  private static long[] single(long[] shape) {
    return Arrays.stream(shape).map(Math::abs).toArray();
  }

  /**
   * The element's position in row-major order.
   *
   * @return at least 0, less than the number of elements per image
   */
  public long offset() {
    long result = 0;
    for (int i = 0; i < shape.length; i++) {
      result = result * shape[i] + index[i];
    }
    return result;
  }

  private Origin before(NodeProto node, OnnxGraph graph, GraphShapes shapes) {
    for (String input : node.getInputList()) {
      if (!input.isEmpty() && !shapes.knows(input)) {
        return null;
      }
    }
    if (node.getInputCount() == 0) {
      return null;
    }
    String data = node.getInput(0);
    long[] from = single(shapes.shape(data));
    Attributes attributes = new Attributes(node);
    return switch (node.getOpType()) {
      case "Identity", "Dropout", "Sigmoid" -> new Origin(data, from, index);
      case "Cast" -> GraphShapes.isReal(shapes.type(data)) ? new Origin(data, from, index) : null;
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> at(data, from, offset());
      case "Transpose" -> {
        long[] order = attributes.integers("perm");
        long[] place = new long[from.length];
        for (int i = 0; i < place.length; i++) {
          place[order == null ? place.length - 1 - i : (int) order[i]] = index[i];
        }
        yield new Origin(data, from, place);
      }
      case "Concat" -> {
        int axis = Dims.axis(attributes.integer("axis", 0), index.length);
        long at = index[axis];
        int part = 0;
        long[] sizes = from;
        while (at >= sizes[axis]) {
          at -= sizes[axis];
          part++;
          sizes = single(shapes.shape(node.getInput(part)));
        }
        yield new Origin(node.getInput(part), sizes, moved(axis, at));
      }
      case "Split" -> {
        int axis = Dims.axis(attributes.integer("axis", 0), index.length);
        long at = index[axis];
        for (int i = 0; !node.getOutput(i).equals(tensor); i++) {
          at += shapes.shape(node.getOutput(i))[axis];
        }
        yield new Origin(data, from, moved(axis, at));
      }
      case "Slice" -> {
        List<TensorData> values = new ArrayList<>();
        values.add(null);
        for (int i = 1; i < node.getInputCount(); i++) {
          values.add(shapes.constant(node.getInput(i)));
        }
        if (values.get(1) == null || values.get(2) == null) {
          yield null;
        }
        SliceRange range = SliceRange.of(values, from);
        long[] place = index.clone();
        Arrays.setAll(place, i -> range.starts()[i] + index[i] * range.steps()[i]);
        yield new Origin(data, from, place);
      }
      default -> null;
    };
  }

  private long[] moved(int axis, long at) {
    long[] result = index.clone();
    result[axis] = at;
    return result;
  }

  private static Origin at(String tensor, long[] shape, long offset) {
    long[] index = new long[shape.length];
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = offset % shape[i];
      offset /= shape[i];
    }
    return new Origin(tensor, shape, index);
  }
}
