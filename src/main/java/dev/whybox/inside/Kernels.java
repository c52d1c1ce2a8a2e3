// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.graph.GraphLayers;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The kernels of a convolution.
 *
 * @param name the convolution's name, such as {@code model.15/cv1/conv}
 * @param outputs the number of kernels, which is the number of output channels
 * @param inputs the number of input channels per kernel
 * @param height rows of a kernel
 * @param width columns of a kernel
 * @param weights {@code outputs × inputs × height × width} values
 * @param colors whether the input channels are the image's red, green and blue
 */
public record Kernels(
    String name, int outputs, int inputs, int height, int width, float[] weights, boolean colors) {

  /**
   * Reads the convolutions of a layer.
   *
   * @param file the bytes of the whole ONNX file
   * @param path the file's name in messages
   * @param layer a layer such as {@code model.0}, or the output of one convolution; empty for the
   *     first layer with a convolution
   * @return the convolutions with constant weights, in the file's order; at least one
   * @throws BadArgument if there is no such layer, or if it has no convolution with constant
   *     weights
   */
  public static List<Kernels> of(byte[] file, String path, String layer) {
    OnnxGraph graph = new OnnxGraph(OnnxFile.read(file, path));
    Map<String, List<NodeProto>> layers = GraphLayers.of(graph);
    String name = layer.startsWith("/") ? layer.substring(1) : layer;
    List<NodeProto> nodes = layers.get(name);
    if (layer.isEmpty()) {
      nodes =
          layers.values().stream()
              .filter(each -> each.stream().anyMatch(n -> n.getOpType().equals("Conv")))
              .findFirst()
              .orElse(List.of());
    } else if (nodes == null) {
      NodeProto producer = graph.producer(graph.layer(layer));
      nodes = producer == null ? List.of() : List.of(producer);
    }
    List<Kernels> found = new ArrayList<>();
    for (NodeProto node : nodes) {
      TensorData weights = node.getOpType().equals("Conv") ? graph.weights(node.getInput(1)) : null;
      if (weights != null && weights.shape().length == 4) {
        found.add(of(node, weights, graph));
      }
    }
    if (found.isEmpty()) {
      List<String> others =
          layers.entrySet().stream()
              .filter(e -> e.getValue().stream().anyMatch(n -> n.getOpType().equals("Conv")))
              .map(Map.Entry::getKey)
              .limit(12)
              .toList();
      throw new BadArgument(
          "The layer "
              + layer
              + " has no convolution with constant weights, so there are no kernels to show. "
              + (others.isEmpty()
                  ? "No layer of this model has one."
                  : "Layers that have: " + String.join(", ", others) + "."));
    }
    return List.copyOf(found);
  }

  private static Kernels of(NodeProto node, TensorData weights, OnnxGraph graph) {
    long[] shape = weights.shape();
    float[] values = new float[weights.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) weights.values()[i];
    }
    boolean image = graph.inputs().containsKey(node.getInput(0)) && shape[1] == 3;
    return new Kernels(
        place(node.getOutput(0)),
        (int) shape[0],
        (int) shape[1],
        (int) shape[2],
        (int) shape[3],
        values,
        image);
  }

  /** {@code /model.0/conv/Conv_output_0} → {@code model.0/conv}; other names stay. */
  private static String place(String tensor) {
    int end = tensor.lastIndexOf("/Conv");
    String inner = end > 0 ? tensor.substring(0, end) : tensor;
    return inner.startsWith("/") ? inner.substring(1) : inner;
  }

  /**
   * One weight.
   *
   * @param output output channel
   * @param input input channel of the kernel
   * @param y row
   * @param x column
   * @return the weight
   */
  public float weight(int output, int input, int y, int x) {
    return weights[((output * inputs + input) * height + y) * width + x];
  }

  /**
   * The norm of a kernel.
   *
   * @param output output channel
   * @return the Euclidean norm of its weights
   */
  public double norm(int output) {
    double sum = 0;
    int size = inputs * height * width;
    for (int i = output * size; i < (output + 1) * size; i++) {
      sum += (double) weights[i] * weights[i];
    }
    return Math.sqrt(sum);
  }
}
