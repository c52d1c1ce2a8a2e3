// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's graph by producer and consumer. Read-only; every rewrite gives a new model. Names of
 * tensors and nodes are those of the file.
 */
public final class OnnxGraph {
  private final ModelProto model;
  private final int opset;
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<NodeProto>> consumers = new HashMap<>();
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();

  /**
   * Indexes a model.
   *
   * @param model a model that {@link OnnxFile#read} accepted
   * @throws UnsupportedGraph where a node has no producer before it, or a name is produced twice
   */
  public OnnxGraph(ModelProto model) {
    this.model = model;
    this.opset = opset(model);
    GraphProto graph = model.getGraph();
    Set<String> known = new HashSet<>();
    known.add("");
    for (TensorProto tensor : graph.getInitializerList()) {
      initializers.put(tensor.getName(), tensor);
      known.add(tensor.getName());
    }
    for (ValueInfoProto input : graph.getInputList()) {
      // Files of IR version 3 list the initializers among the inputs.
      if (!initializers.containsKey(input.getName())) {
        inputs.put(input.getName(), input);
        known.add(input.getName());
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      for (String name : node.getInputList()) {
        if (!known.contains(name)) {
          throw new UnsupportedGraph(
              describe(node)
                  + " reads the tensor "
                  + name
                  + ", which nothing before it produces. Check the model with onnx.checker.");
        }
        consumers.computeIfAbsent(name, n -> new ArrayList<>()).add(node);
      }
      for (String name : node.getOutputList()) {
        if (!name.isEmpty() && !known.add(name)) {
          throw new UnsupportedGraph(
              describe(node) + " produces the tensor " + name + ", which there is already.");
        }
        producers.put(name, node);
      }
    }
    producers.remove("");
    consumers.remove("");
  }

  public static int opset(ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        return (int) set.getVersion();
      }
    }
    throw new UnsupportedGraph("The model names no ONNX operator set.");
  }

  /** A node as messages name it. */
  public static String describe(NodeProto node) {
    return "The node "
        + (node.getName().isEmpty() ? "that makes " + node.getOutput(0) : node.getName())
        + " ("
        + (node.getDomain().isEmpty() ? "" : node.getDomain() + ".")
        + node.getOpType()
        + ")";
  }

  public static boolean hasSubgraph(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(a -> a.getType() == AttributeType.GRAPH || a.getType() == AttributeType.GRAPHS);
  }

  /**
   * The model.
   *
   * @return what was given
   */
  public ModelProto model() {
    return model;
  }

  /**
   * The version of the ONNX operator set.
   *
   * @return such as 17
   */
  public int opset() {
    return opset;
  }

  /**
   * All nodes, each after those it reads.
   *
   * @return in the file's order
   */
  public List<NodeProto> nodes() {
    return model.getGraph().getNodeList();
  }

  /**
   * Who makes a tensor.
   *
   * @param tensor its name
   * @return the node, or null for an input or a constant
   */
  public NodeProto producer(String tensor) {
    return producers.get(tensor);
  }

  /**
   * Who reads a tensor.
   *
   * @param tensor its name
   * @return the nodes, in order; one twice that reads it twice
   */
  public List<NodeProto> consumers(String tensor) {
    return consumers.getOrDefault(tensor, List.of());
  }

  /**
   * A weight or another constant of the file.
   *
   * @param tensor its name
   * @return the constant, or null
   */
  public TensorProto initializer(String tensor) {
    return initializers.get(tensor);
  }

  /**
   * A layer's weights.
   *
   * @param tensor the name of a constant, of the file or of a Constant node
   * @return its values, or null where it is not constant
   */
  public TensorData weights(String tensor) {
    TensorProto constant = initializers.get(tensor);
    NodeProto producer = producers.get(tensor);
    if (constant == null && producer != null && producer.getOpType().equals("Constant")) {
      constant = new Attributes(producer).tensor("value");
    }
    return constant == null ? null : TensorData.of(constant);
  }

  /**
   * What has to be given to run the model.
   *
   * @return by name, in the file's order, without constants
   */
  public Map<String, ValueInfoProto> inputs() {
    return inputs;
  }

  /**
   * Whether there is a tensor of this name.
   *
   * @param tensor a name
   * @return true for inputs, constants and what a node makes
   */
  public boolean has(String tensor) {
    return producers.containsKey(tensor)
        || initializers.containsKey(tensor)
        || inputs.containsKey(tensor);
  }

  /**
   * Checks a name that a user gave.
   *
   * @param tensor a name
   * @return the same name
   * @throws BadArgument where there is no such tensor, with near names
   */
  public String require(String tensor) {
    if (!has(tensor)) {
      List<String> near =
          producers.keySet().stream().filter(n -> n.contains(tensor)).sorted().limit(5).toList();
      throw new BadArgument(
          "The model has no tensor "
              + tensor
              + "."
              + (near.isEmpty() ? " Name the output of one of its nodes." : " Near it: " + near));
    }
    return tensor;
  }

  /**
   * The last tensor of a layer, by a name such as {@code model.15}.
   *
   * @param layer the layer's path, with or without a leading slash; a tensor's own name is itself
   * @return the output of the layer's last node
   * @throws BadArgument where no node's name begins so
   */
  public String layer(String layer) {
    if (has(layer)) {
      return layer;
    }
    String prefix = (layer.startsWith("/") ? layer : "/" + layer) + "/";
    String last = null;
    for (NodeProto node : nodes()) {
      // Rewritten files may have lost the nodes' names, but keep the tensors'.
      if (node.getOutputCount() > 0
          && (node.getName().startsWith(prefix) || node.getOutput(0).startsWith(prefix))) {
        last = node.getOutput(0);
      }
    }
    return last == null ? require(layer) : last;
  }

  /** All tensors that depend on one of these, these included. */
  Set<String> descendants(Collection<String> tensors) {
    Set<String> result = new HashSet<>(tensors);
    for (NodeProto node : nodes()) {
      if (node.getInputList().stream().anyMatch(result::contains)) {
        result.addAll(node.getOutputList());
      }
    }
    result.remove("");
    return result;
  }

  /**
   * All tensors that one of these depends on.
   *
   * @param tensors names of tensors
   * @return names, those of these tensors included
   */
  public Set<String> ancestors(Collection<String> tensors) {
    Set<String> result = new HashSet<>(tensors);
    List<NodeProto> nodes = nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).getOutputList().stream().anyMatch(result::contains)) {
        result.addAll(nodes.get(i).getInputList());
      }
    }
    result.remove("");
    return result;
  }
}
