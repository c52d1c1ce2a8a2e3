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
 * A model's graph, indexed by the producers and consumers of tensors. Read-only; every rewrite
 * gives a new model. The names of tensors and nodes are those of the file.
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
   * @throws UnsupportedGraph if a node reads a tensor that no earlier node makes, or if two nodes
   *     make the same tensor
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
      // Files of IR version 3 list the initializers as inputs, too.
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
                  + ", but no node before it produces this tensor. Check the model with"
                  + " onnx.checker.");
        }
        consumers.computeIfAbsent(name, n -> new ArrayList<>()).add(node);
      }
      for (String name : node.getOutputList()) {
        if (!name.isEmpty() && !known.add(name)) {
          throw new UnsupportedGraph(
              describe(node)
                  + " produces the tensor "
                  + name
                  + ", but an earlier node produces"
                  + " it, too. Check the model with onnx.checker.");
        }
        producers.put(name, node);
      }
    }
    producers.remove("");
    consumers.remove("");
  }

  /**
   * The version of a model's ONNX operator set.
   *
   * @param model the model
   * @return such as 17
   * @throws UnsupportedGraph if the model names none
   */
  public static int opset(ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        return (int) set.getVersion();
      }
    }
    throw new UnsupportedGraph("The model names no ONNX operator set.");
  }

  /**
   * Describes a node for messages.
   *
   * @param node a node
   * @return the beginning of a sentence, with the node's name and operator
   */
  public static String describe(NodeProto node) {
    return "The node "
        + (node.getName().isEmpty() ? "that makes " + node.getOutputList() : node.getName())
        + " ("
        + (node.getDomain().isEmpty() ? "" : node.getDomain() + ".")
        + node.getOpType()
        + ")";
  }

  /**
   * Whether a node holds a graph of its own, as control flow does.
   *
   * @param node a node
   * @return true if one of its attributes is a graph
   */
  public static boolean hasSubgraph(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(a -> a.getType() == AttributeType.GRAPH || a.getType() == AttributeType.GRAPHS);
  }

  /**
   * The model.
   *
   * @return the model of the constructor
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
   * All nodes. Each node comes after the nodes whose outputs it reads.
   *
   * @return the nodes, in the file's order
   */
  public List<NodeProto> nodes() {
    return model.getGraph().getNodeList();
  }

  /**
   * The node that makes a tensor.
   *
   * @param tensor its name
   * @return the node, or null for an input or a constant
   */
  public NodeProto producer(String tensor) {
    return producers.get(tensor);
  }

  /**
   * The nodes that read a tensor.
   *
   * @param tensor its name
   * @return the nodes, in the file's order; a node that reads it twice is listed twice
   */
  public List<NodeProto> consumers(String tensor) {
    return consumers.getOrDefault(tensor, List.of());
  }

  /**
   * A weight or other constant of the file.
   *
   * @param tensor its name
   * @return the constant, or null
   */
  public TensorProto initializer(String tensor) {
    return initializers.get(tensor);
  }

  /**
   * The values of a constant.
   *
   * @param tensor the name of an initializer or of a Constant node's output
   * @return its values, or null if it is not constant
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
   * The inputs of the model.
   *
   * @return the inputs by name, in the file's order, without constants
   */
  public Map<String, ValueInfoProto> inputs() {
    return inputs;
  }

  /**
   * Whether there is a tensor of this name.
   *
   * @param tensor a name
   * @return true for inputs, constants and outputs of nodes
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
   * @throws BadArgument if there is no such tensor; the message lists similar names
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
   * The last tensor of a layer.
   *
   * @param layer the layer's path, such as {@code model.15}, with or without a leading slash and
   *     the modules around the net, or the name of a tensor
   * @return the output of the layer's last node, or the tensor itself
   * @throws BadArgument if no node's name begins with this path
   */
  public String layer(String layer) {
    if (has(layer)) {
      return layer;
    }
    String prefix = (layer.startsWith("/") ? layer : "/" + layer) + "/";
    String last = null;
    for (NodeProto node : nodes()) {
      // Rewritten files may have lost the names of nodes, but they keep those of tensors.
      if (node.getOutputCount() > 0
          && (node.getName().startsWith(prefix)
              || node.getOutput(0).startsWith(prefix)
              || GraphLayers.path(node).startsWith(prefix))) {
        last = node.getOutput(0);
      }
    }
    return last == null ? require(layer) : last;
  }

  /** All tensors that depend on one of these tensors, and these themselves. */
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
   * All tensors that one of these tensors depends on, and these themselves.
   *
   * @param tensors names of tensors
   * @return names of tensors
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
