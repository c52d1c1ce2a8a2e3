// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.random.Philox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces the weights of the last layers by random numbers, for the sanity check of Adebayo et
 * al., "Sanity checks for saliency maps" (2018): an explanation that does not change then does not
 * explain the model.
 */
final class RandomWeights {
  private RandomWeights() {}

  /**
   * The layers whose weights can be replaced.
   *
   * @param graph the graph
   * @return the names of their nodes, or of the outputs of nodes without a name, in the file's
   *     order
   */
  public static List<String> layers(OnnxGraph graph) {
    return LearnedLayers.of(graph).stream()
        .map(n -> n.getName().isEmpty() ? n.getOutput(0) : n.getName())
        .toList();
  }

  /**
   * Replaces the weights and biases of the last layers by normally distributed numbers with the
   * tensor's own mean and standard deviation. The numbers are a function of the seed and the layer,
   * so the last layers get the same numbers even if more layers are replaced.
   *
   * @param graph the graph
   * @param layers the number of layers, 0 to all of them
   * @param seed the seed of the random numbers
   * @return a changed copy
   * @throws BadArgument if the model has fewer layers
   */
  public static ModelProto of(OnnxGraph graph, int layers, long seed) {
    List<NodeProto> learned = LearnedLayers.of(graph);
    if (layers < 0 || layers > learned.size()) {
      throw new BadArgument(
          "The model has "
              + learned.size()
              + " layers with weights, so 0 to "
              + learned.size()
              + " can be randomised, but "
              + layers
              + " were asked for.");
    }
    Map<String, TensorData> drawn = new HashMap<>();
    for (int i = learned.size() - layers; i < learned.size(); i++) {
      Philox random = new Philox(seed, i);
      List<String> tensors = learned.get(i).getInputList();
      for (int t = 1; t < tensors.size(); t++) {
        TensorData weights = graph.weights(tensors.get(t));
        if (weights != null) {
          random.seek(t);
          drawn.put(tensors.get(t), normal(weights, random));
        }
      }
    }
    GraphProto.Builder result = graph.model().getGraph().toBuilder();
    for (int i = 0; i < result.getInitializerCount(); i++) {
      TensorData values = drawn.remove(result.getInitializer(i).getName());
      if (values != null) {
        result.setInitializer(i, values.toProto(result.getInitializer(i).getName()));
      }
    }
    // The remaining weights are outputs of Constant nodes.
    List<NodeProto> nodes = new ArrayList<>(result.getNodeList());
    nodes.removeIf(n -> n.getOutputCount() > 0 && drawn.containsKey(n.getOutput(0)));
    drawn.forEach((name, values) -> result.addInitializer(values.toProto(name)));
    return graph.model().toBuilder().setGraph(result.clearNode().addAllNode(nodes)).build();
  }

  /** Normal numbers by the method of Box and Muller, which makes two of two uniform numbers. */
  private static TensorData normal(TensorData like, Philox random) {
    double[] old = like.values();
    double mean = 0;
    for (double value : old) {
      mean += value / old.length;
    }
    double variance = 0;
    for (double value : old) {
      variance += (value - mean) * (value - mean) / old.length;
    }
    double spread = Math.sqrt(variance);
    double[] values = new double[old.length];
    for (int i = 0; i < values.length; i += 2) {
      double radius = Math.sqrt(-2 * Math.log(uniform(random)));
      double angle = 2 * Math.PI * uniform(random);
      values[i] = mean + spread * radius * Math.cos(angle);
      if (i + 1 < values.length) {
        values[i + 1] = mean + spread * radius * Math.sin(angle);
      }
    }
    return new TensorData(like.type(), like.shape(), values);
  }

  /** A uniform number in (0, 1); its logarithm is finite. */
  private static double uniform(Philox random) {
    return (Integer.toUnsignedLong(random.next()) + 0.5) / (1L << 32);
  }
}
