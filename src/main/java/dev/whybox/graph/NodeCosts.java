// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What nodes cost: learned numbers and multiply–accumulates, for one image.
 *
 * <p>Learned are the constants that convolutions, matrix products and normalisations read, and the
 * vector that is added to a product, its bias. Running means and variances are measured, not
 * learned. Counted as work are products: convolutions and matrix products, those of attention
 * included; biases, activations, pooling and resizing are not, as is usual for YOLO.
 */
public final class NodeCosts {
  private static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvInteger", "ConvTranspose", "Gemm", "MatMul", "MatMulInteger");
  private static final Set<String> NORMALISATIONS =
      Set.of("BatchNormalization", "InstanceNormalization", "LayerNormalization", "PRelu");

  /** What only moves or converts a constant on its way to the node that uses it. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "Identity", "Cast", "DequantizeLinear", "Transpose", "Reshape", "Unsqueeze", "Squeeze");

  /** What may lie between a product and the addition of its bias. */
  private static final Set<String> BETWEEN =
      Set.of("Cast", "Mul", "Identity", "DequantizeLinear", "QuantizeLinear");

  private static final int FARTHEST = 6;

  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final long batch;

  /**
   * Costs of a graph's nodes.
   *
   * @param graph the graph
   * @param shapes its shapes; of a fixed batch, an image's share is counted
   */
  public NodeCosts(OnnxGraph graph, GraphShapes shapes) {
    this.graph = graph;
    this.shapes = shapes;
    long[] first =
        shapes.inputs().values().stream().filter(s -> s.length > 0).findFirst().orElse(null);
    this.batch = first == null ? 1 : Math.max(1, first[0]);
  }

  /**
   * The learned constants that a node reads.
   *
   * @param node a node of the graph
   * @return how many numbers each has, by the constant's name
   */
  public Map<String, Long> parameters(NodeProto node) {
    Map<String, Long> found = new LinkedHashMap<>();
    String op = node.getOpType();
    int learned = NORMALISATIONS.contains(op) ? 3 : node.getInputCount();
    if (PRODUCTS.contains(op) || NORMALISATIONS.contains(op)) {
      // Zero points and scales of quantised products follow behind weights and are not learned.
      int last = op.endsWith("Integer") ? 2 : Math.min(learned, node.getInputCount());
      for (int i = 0; i < last; i++) {
        count(node.getInput(i), found);
      }
    } else if (op.equals("Add")) {
      for (int i = 0; i < 2; i++) {
        if (isBias(node, node.getInput(i), node.getInput(1 - i))) {
          count(node.getInput(i), found);
        }
      }
    }
    return found;
  }

  private void count(String tensor, Map<String, Long> found) {
    String constant = constant(tensor);
    if (constant != null) {
      found.put(constant, Dims.count(shapes.shape(constant)));
    }
  }

  /** The constant of the file that a tensor is, but for its form; null where it is computed. */
  private String constant(String tensor) {
    String name = tensor;
    for (int i = 0; i < FARTHEST; i++) {
      NodeProto producer = graph.producer(name);
      if (producer == null) {
        return graph.initializer(name) == null ? null : name;
      }
      if (producer.getOpType().equals("Constant")) {
        return name;
      }
      if (!WRAPPERS.contains(producer.getOpType())) {
        return null;
      }
      name = producer.getInput(0);
    }
    return null;
  }

  /** A constant with a number per channel, added to a product. */
  private boolean isBias(NodeProto node, String vector, String data) {
    String constant = constant(vector);
    if (constant == null || !shapes.knows(node.getOutput(0)) || !followsProduct(data)) {
      return false;
    }
    long[] out = shapes.shape(node.getOutput(0));
    long channels = out.length < 2 ? -1 : out[out.length > 3 ? 1 : out.length - 1];
    return Dims.count(shapes.shape(constant)) == channels;
  }

  private boolean followsProduct(String tensor) {
    NodeProto node = graph.producer(tensor);
    for (int i = 0; i < FARTHEST && node != null; i++) {
      if (PRODUCTS.contains(node.getOpType())) {
        return true;
      }
      if (!BETWEEN.contains(node.getOpType())) {
        return false;
      }
      node = graph.producer(node.getInput(0));
    }
    return false;
  }

  /**
   * The products of a node: a multiplication and an addition each.
   *
   * @param node a node of the graph
   * @return how many for one image; −1 where the sizes are not known
   */
  public long multiplyAccumulates(NodeProto node) {
    String op = node.getOpType();
    if (!PRODUCTS.contains(op)) {
      return 0;
    }
    if (!shapes.knows(node.getInput(0))
        || !shapes.knows(node.getInput(1))
        || !shapes.knows(node.getOutput(0))) {
      return -1;
    }
    long[] in = shapes.shape(node.getInput(0));
    long[] weights = shapes.shape(node.getInput(1));
    long[] out = shapes.shape(node.getOutput(0));
    return switch (op) {
      case "ConvTranspose" ->
          image(in) * Dims.count(Arrays.copyOfRange(weights, 1, weights.length));
      case "Conv", "ConvInteger" ->
          image(out) * Dims.count(Arrays.copyOfRange(weights, 1, weights.length));
      case "Gemm" ->
          image(out) * Math.abs(in[new Attributes(node).integer("transA", 0) == 1 ? 0 : 1]);
      default -> image(out) * Math.abs(in[in.length - 1]);
    };
  }

  /** TargetNumbers of a tensor that belong to one image. */
  private long image(long[] shape) {
    return Math.abs(Dims.count(shape)) / batch;
  }

  /**
   * The learned constants of many nodes, each counted once however many read it.
   *
   * @param nodes nodes of the graph
   * @param seen names of constants that are counted already; those of these nodes are added
   * @return how many numbers
   */
  public long parameters(List<NodeProto> nodes, Set<String> seen) {
    long sum = 0;
    for (NodeProto node : nodes) {
      for (Map.Entry<String, Long> constant : parameters(node).entrySet()) {
        sum += seen.add(constant.getKey()) ? constant.getValue() : 0;
      }
    }
    return sum;
  }

  /**
   * The learned constants of the whole graph.
   *
   * @return how many numbers
   */
  public long parameters() {
    return parameters(graph.nodes(), new HashSet<>());
  }
}
