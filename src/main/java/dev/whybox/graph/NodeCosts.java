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
 * The costs of nodes for one image: learned values and multiply–accumulates.
 *
 * <p>Learned values are the constants that convolutions, matrix products and normalisations read,
 * and the biases that are added to products. Running means and variances do not count, since they
 * are measured. Multiply–accumulates are those of convolutions and matrix products, attention
 * included. Biases, activations, pooling and resizing do not count, as is usual for YOLO.
 */
public final class NodeCosts {
  private static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvInteger", "ConvTranspose", "Gemm", "MatMul", "MatMulInteger");

  /** Quantised products in one operator: where their weights and biases are among the inputs. */
  private static final Map<String, List<Integer>> QUANTISED =
      Map.of("QLinearConv", List.of(3, 8), "QLinearMatMul", List.of(3), "QGemm", List.of(3, 6));

  private static final Set<String> NORMALISATIONS =
      Set.of("BatchNormalization", "InstanceNormalization", "LayerNormalization", "PRelu");

  /** Operators that only move or convert a constant on its way to its user. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "Identity", "Cast", "DequantizeLinear", "Transpose", "Reshape", "Unsqueeze", "Squeeze");

  /** Operators that may lie between a product and the addition of its bias. */
  private static final Set<String> BETWEEN =
      Set.of("Cast", "Mul", "Identity", "DequantizeLinear", "QuantizeLinear");

  private static final int FARTHEST = 6;

  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final long batch;

  /**
   * Prepares the costs of a graph's nodes.
   *
   * @param graph the graph
   * @param shapes its shapes; with a fixed batch, the share of one image is counted
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
   * @return the number of values of each constant, by its name
   */
  public Map<String, Long> parameters(NodeProto node) {
    Map<String, Long> found = new LinkedHashMap<>();
    String op = node.getOpType();
    if (QUANTISED.containsKey(op)) {
      for (int i : QUANTISED.get(op)) {
        if (i < node.getInputCount()) {
          count(node.getInput(i), found);
        }
      }
      return found;
    }
    if (node.getInputCount() < 2 || node.getOutputCount() == 0) {
      return found; // No operator with learned values.
    }
    int learned = NORMALISATIONS.contains(op) ? 3 : node.getInputCount();
    if (PRODUCTS.contains(op) || NORMALISATIONS.contains(op)) {
      // Quantised products read zero points and scales after the weights; these are not learned.
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

  /**
   * The name of the file's constant behind a tensor that is only moved or converted; null if the
   * tensor is computed.
   */
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
      if (!WRAPPERS.contains(producer.getOpType()) || producer.getInputCount() == 0) {
        return null;
      }
      name = producer.getInput(0);
    }
    return null;
  }

  /** Whether an addition adds a bias: a constant with one value per channel, added to a product. */
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
      if (!BETWEEN.contains(node.getOpType()) || node.getInputCount() == 0) {
        return false;
      }
      node = graph.producer(node.getInput(0));
    }
    return false;
  }

  /**
   * The multiply–accumulates of a node.
   *
   * @param node a node of the graph
   * @return their number for one image; −1 if sizes are not known
   */
  public long multiplyAccumulates(NodeProto node) {
    String op = node.getOpType();
    if (!PRODUCTS.contains(op)) {
      return 0;
    }
    if (node.getInputCount() < 2
        || node.getOutputCount() == 0
        || !shapes.knows(node.getInput(0))
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

  /** The number of a tensor's values per image. */
  private long image(long[] shape) {
    return Math.abs(Dims.count(shape)) / batch;
  }

  /**
   * The learned values of several nodes. A constant counts once, even if several nodes read it.
   *
   * @param nodes nodes of the graph
   * @param seen the names of constants that are already counted; those of these nodes are added
   * @return the number of values
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
   * The learned values of the whole graph.
   *
   * @return the number of values
   */
  public long parameters() {
    return parameters(graph.nodes(), new HashSet<>());
  }
}
