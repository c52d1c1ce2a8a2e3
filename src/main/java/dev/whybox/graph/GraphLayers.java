// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Groups a graph's nodes by the layers of the original network. PyTorch's exporter writes the
 * layer's path, such as {@code /model.15/cv1/conv/Conv}, into the names of nodes and tensors.
 * Modules around the net stand before it, as in {@code /0/model.15/cv1/conv/Conv}; they do not
 * count.
 */
public final class GraphLayers {
  private static final Pattern PATH = Pattern.compile("(?:^|/)model\\.(\\d{1,6})(?:[/.]|$)");

  private GraphLayers() {}

  /**
   * Groups the nodes.
   *
   * @param graph the graph
   * @return the nodes of each layer, by the layer's name, such as {@code model.15}. Layers are in
   *     the order of their numbers, nodes in the file's order. A node without a path belongs to the
   *     first layer that reads it. In a graph without paths, every node that is not a constant is a
   *     layer of its own, named after its output
   */
  public static Map<String, List<NodeProto>> of(OnnxGraph graph) {
    Map<NodeProto, Integer> numbers = numbers(graph);
    Map<String, List<NodeProto>> layers = new LinkedHashMap<>();
    if (numbers.isEmpty()) {
      for (NodeProto node : graph.nodes()) {
        if (!node.getOpType().equals("Constant") && node.getOutputCount() > 0) {
          layers.put(node.getOutput(0), List.of(node));
        }
      }
      return layers;
    }
    Map<Integer, List<NodeProto>> sorted = new TreeMap<>();
    for (NodeProto node : graph.nodes()) {
      Integer number = numbers.get(node);
      if (number != null) {
        sorted.computeIfAbsent(number, n -> new ArrayList<>()).add(node);
      }
    }
    sorted.forEach((number, nodes) -> layers.put("model." + number, List.copyOf(nodes)));
    return layers;
  }

  /**
   * The path of a node within the net: from its name or, where a rewrite has lost that, from the
   * name of its first output.
   *
   * @return such as {@code /model.15/cv1/conv/Conv}, without the modules around the net; empty
   *     where the node has none
   */
  static String path(NodeProto node) {
    return find(node).map(Path::whole).orElse("");
  }

  private record Path(int number, String rest) {
    String whole() {
      return "/model." + number + "/" + rest;
    }
  }

  private static Optional<Path> find(NodeProto node) {
    return Stream.concat(Stream.of(node.getName()), node.getOutputList().stream().limit(1))
        .flatMap(
            name -> {
              Matcher found = PATH.matcher(name);
              return found.find()
                  ? Stream.of(
                      new Path(Integer.parseInt(found.group(1)), name.substring(found.end())))
                  : Stream.empty();
            })
        .findFirst();
  }

  private static Map<NodeProto, Integer> numbers(OnnxGraph graph) {
    Map<NodeProto, Integer> found = new HashMap<>();
    for (NodeProto node : graph.nodes()) {
      find(node).ifPresent(path -> found.put(node, path.number()));
    }
    List<NodeProto> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0 && !found.isEmpty(); i--) {
      NodeProto node = nodes.get(i);
      if (!found.containsKey(node)) {
        node.getOutputList().stream()
            .flatMap(tensor -> graph.consumers(tensor).stream())
            .map(found::get)
            .filter(number -> number != null)
            .min(Comparator.naturalOrder())
            .ifPresent(number -> found.put(node, number));
      }
    }
    return found;
  }

  /**
   * Whether a tensor is a map that methods can use as a layer.
   *
   * @param shapes the graph's shapes
   * @param tensor its name
   * @return true for a map [N, channels, height, width] of real numbers and more than one cell
   */
  public static boolean isMap(GraphShapes shapes, String tensor) {
    if (!shapes.knows(tensor)) {
      return false;
    }
    long[] shape = shapes.shape(tensor);
    DataType type = shapes.type(tensor);
    return shape.length == 4
        && GraphShapes.isReal(type)
        && Math.min(Math.abs(shape[2]), Math.abs(shape[3])) > 1;
  }
}
