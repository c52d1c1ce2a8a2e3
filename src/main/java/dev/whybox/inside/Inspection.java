// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.GraphLayers;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.NodeCosts;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import dev.whybox.yolo.ClassNames;
import dev.whybox.yolo.Head;
import dev.whybox.yolo.HeadKind;
import dev.whybox.yolo.HeadKind.Layout;
import dev.whybox.yolo.InputChoice;
import dev.whybox.yolo.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The contents of a model file: its layers and their costs. Nothing is run, so models of any task
 * can be inspected, even those that Whybox cannot explain.
 *
 * @param path the file as the user named it
 * @param bytes the file's size in bytes
 * @param sha256 the file's digest, 64 hexadecimal digits
 * @param task the task in the metadata, such as {@code detect}; {@code unknown} if they name none
 * @param classes the class names by number; empty if the metadata have none
 * @param input the name of the image input
 * @param inputShape the sizes of the input [N, 3, height, width]; −1 for a free batch
 * @param opset the version of the ONNX operator set
 * @param precision the type of most weights, such as {@code fp32}
 * @param layers the layers in their order
 * @param parameters the number of learned values in the whole model; see {@link NodeCosts}
 * @param gflops 10⁹ floating-point operations of a forward pass of one image; a multiply–accumulate
 *     counts as two; NaN if sizes are not known
 * @param logits the tensors with the class logits, one per scale; empty if they are not found
 * @param warnings what of the file could not be read, sentences; usually none
 */
public record Inspection(
    String path,
    long bytes,
    String sha256,
    String task,
    List<String> classes,
    String input,
    List<Long> inputShape,
    int opset,
    String precision,
    List<Layer> layers,
    long parameters,
    double gflops,
    List<Tensor> logits,
    List<String> warnings) {

  /**
   * A layer of the network.
   *
   * @param name the layer's name, such as {@code model.15}
   * @param type the kind of block, such as {@code C2f}, if the graph shows it; else the operators
   * @param operators how often each operator occurs
   * @param output the name of the layer's last tensor, which {@code --layer} reads
   * @param shape that tensor's sizes; −1 for a free batch; empty if they are not known
   * @param parameters the number of learned values, without those shared with an earlier layer
   * @param gflops 10⁹ floating-point operations, counted as for the model
   * @param map whether {@code --layer} accepts it: it is a map of more than one cell
   */
  public record Layer(
      String name,
      String type,
      Map<String, Integer> operators,
      String output,
      List<Long> shape,
      long parameters,
      double gflops,
      boolean map) {}

  /**
   * A tensor.
   *
   * @param name the tensor's name in the graph
   * @param shape its sizes for one image
   */
  public record Tensor(String name, List<Long> shape) {}

  /**
   * Reads a model file.
   *
   * @param file the bytes of the whole ONNX file
   * @param name the file as the user named it
   * @param sha256 the file's digest
   * @param size the side of the input in pixels for a model of free size, or 0 for the model's own
   * @return its contents
   * @throws BadArgument if the size does not fit the model
   * @throws dev.whybox.error.WhyboxException.UnreadableModel if it is not an ONNX model, or is cut
   *     off
   * @throws UnsupportedGraph if the graph contradicts itself or has no image input
   */
  public static Inspection of(byte[] file, String name, String sha256, int size) {
    ModelProto model = OnnxFile.read(file, name);
    OnnxGraph graph = new OnnxGraph(model);
    Map<String, String> metadata =
        model.getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(
                    StringStringEntryProto::getKey, StringStringEntryProto::getValue, (a, b) -> b));
    ValueInfoProto input =
        graph.inputs().values().stream()
            .filter(each -> GraphShapes.declared(each).length == 4)
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedGraph(
                        "%s: an image input [N,3,height,width] or [N,height,width,3] is needed; this model has the inputs %s."
                            .formatted(name, String.join(", ", graph.inputs().keySet()))));
    long[] declared = GraphShapes.declared(input);
    boolean channelsLast = !isChannels(declared[1]) && isChannels(declared[3]);
    long[] usual =
        channelsLast
            ? new long[] {declared[0], declared[3], declared[1], declared[2]}
            : declared.clone();
    InputChoice sides = InputChoice.of(usual, metadata, size, name);
    declared[channelsLast ? 1 : 2] = sides.height();
    declared[channelsLast ? 2 : 3] = sides.width();
    GraphShapes shapes = GraphShapes.of(graph, inputs(graph, input, declared));
    String task = metadata.getOrDefault("task", "unknown");
    ClassNames.Found named = ClassNames.read(metadata.get("names"));
    List<String> classes = named.names();
    NodeCosts costs = new NodeCosts(graph, shapes);
    List<Layer> layers = layers(graph, shapes, costs, task);
    return new Inspection(
        name,
        file.length,
        sha256,
        task,
        classes,
        input.getName(),
        sizes(shapes.inputs().get(input.getName())),
        graph.opset(),
        OnnxFile.precision(model),
        layers,
        costs.parameters(),
        gflops(graph.nodes(), costs),
        logits(graph, shapes, sides, metadata, classes.size()),
        named.problem() == null
            ? List.of()
            : List.of(name + ": the class names can't be read (" + named.problem() + ")."));
  }

  private static boolean isChannels(long size) {
    return size == 3 || size == 1;
  }

  /** The sizes of all inputs. Of those besides the image, a free size after the batch is 1. */
  private static Map<String, long[]> inputs(
      OnnxGraph graph, ValueInfoProto image, long[] imageSizes) {
    Map<String, long[]> sizes = new HashMap<>();
    for (ValueInfoProto input : graph.inputs().values()) {
      long[] shape = GraphShapes.declared(input);
      for (int axis = 1; axis < shape.length; axis++) {
        shape[axis] = Math.max(1, shape[axis]);
      }
      sizes.put(input.getName(), input == image ? imageSizes : shape);
    }
    return sizes;
  }

  private static List<Layer> layers(
      OnnxGraph graph, GraphShapes shapes, NodeCosts costs, String task) {
    List<Layer> layers = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    GraphLayers.of(graph)
        .forEach(
            (name, nodes) -> {
              String output = graph.layer(name);
              layers.add(
                  new Layer(
                      name,
                      LayerKind.of(nodes, graph, task),
                      LayerKind.counts(nodes),
                      output,
                      shapes.knows(output) ? sizes(shapes.shape(output)) : List.of(),
                      costs.parameters(nodes, seen),
                      gflops(nodes, costs),
                      GraphLayers.isMap(shapes, output)));
            });
    return List.copyOf(layers);
  }

  private static double gflops(List<NodeProto> nodes, NodeCosts costs) {
    double sum = 0;
    for (NodeProto node : nodes) {
      long products = costs.multiplyAccumulates(node);
      sum += products < 0 ? Double.NaN : 2e-9 * products;
    }
    return sum;
  }

  private static List<Long> sizes(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  /**
   * Finds the class logits. It follows class 0 back from the first anchor of every scale, or back
   * from the Softmax of a classifier.
   */
  private static List<Tensor> logits(
      OnnxGraph graph,
      GraphShapes shapes,
      InputChoice sides,
      Map<String, String> metadata,
      int classes) {
    String output = graph.model().getGraph().getOutput(0).getName();
    if (!shapes.knows(output)) {
      return List.of();
    }
    long[] shape = shapes.shape(output);
    List<Tensor> found = new ArrayList<>();
    if (shape.length == 2 && shape[1] == classes) {
      Origin origin = Origin.of(graph, shapes, output, 0, 0);
      NodeProto maker = graph.producer(origin.tensor());
      boolean normalised = maker != null && maker.getOpType().equals("Softmax");
      String tensor = normalised ? maker.getInput(0) : origin.tensor();
      return List.of(new Tensor(tensor, sizes(single(shapes.shape(tensor)))));
    }
    List<String> names =
        graph.model().getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
    List<int[]> outputs = names.stream().map(name -> afterBatch(shapes, name)).toList();
    Head head = HeadKind.ofAnyTask(Layout.of(outputs, sides, metadata)).orElse(null);
    if (head == null) {
      return List.of();
    }
    long anchor = 0;
    while (anchor < head.candidates()) {
      Objective objective = head.objective(0, (int) anchor);
      Objective.Element element = objective.elements().get(0);
      Origin origin = Origin.of(graph, shapes, names.get(element.output()), element.place());
      Tensor tensor = new Tensor(origin.tensor(), sizes(origin.shape()));
      if (found.contains(tensor)) {
        break; // The head computes the classes of all scales in one tensor.
      }
      found.add(tensor);
      anchor += cells(origin.shape());
    }
    return List.copyOf(found);
  }

  private static int[] afterBatch(GraphShapes shapes, String output) {
    long[] shape = shapes.knows(output) ? shapes.shape(output) : new long[0];
    return Arrays.stream(shape).skip(1).allMatch(size -> size == (int) size)
        ? Arrays.stream(shape).skip(1).mapToInt(size -> (int) size).toArray()
        : new int[0];
  }

  private static long cells(long[] map) {
    long cells = 1;
    for (int i = 2; i < map.length; i++) {
      cells *= map[i];
    }
    return Math.max(1, cells);
  }

  private static long[] single(long[] shape) {
    return Arrays.stream(shape).map(Math::abs).toArray();
  }
}
