// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.NotDifferentiable;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.graph.DynamicBatch;
import dev.whybox.graph.GraphLayers;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.OnnxFile;
import dev.whybox.graph.OnnxGraph;
import dev.whybox.graph.Origin;
import dev.whybox.image.Region;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Objective;
import dev.whybox.yolo.Objective.Element;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A detector's graph: where its logits and its layers are. Immutable. */
public final class ModelGraph {
  private final YoloModel model;
  private final OnnxGraph graph;
  private final GraphShapes shapes;
  private final List<String> outputs;
  private final List<String> logitTensors = new ArrayList<>();
  private final List<String> detectInputs;

  /**
   * Reads the graph.
   *
   * @param free whether a fixed batch of 1 is to be freed where that is possible, so that an image
   *     may have many cotangents
   */
  ModelGraph(byte[] onnx, YoloModel model, boolean free) {
    this.model = model;
    ModelInfo info = model.info();
    ModelProto file = OnnxFile.read(onnx, info.path());
    // A pass is for one image; the others of a fixed batch would be computed for nothing.
    ModelProto proto =
        info.batch() > 1 ? DynamicBatch.of(file) : info.batch() == 1 && free ? freed(file) : file;
    this.graph = new OnnxGraph(proto);
    this.shapes = GraphShapes.of(graph, info.inputHeight(), info.inputWidth());
    this.outputs = proto.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
    this.detectInputs = findDetectInputs();
  }

  private static ModelProto freed(ModelProto file) {
    try {
      return DynamicBatch.of(file);
    } catch (UnsupportedGraph e) {
      return file; // As it is, with one cotangent at a time.
    }
  }

  public OnnxGraph graph() {
    return graph;
  }

  public GraphShapes shapes() {
    return shapes;
  }

  public String image() {
    return graph.inputs().keySet().iterator().next();
  }

  /** The sizes of a tensor for one image. */
  public long[] shape(String tensor) {
    long[] shape = shapes.shape(tensor);
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.abs(shape[i]);
    }
    return shape;
  }

  /** The logit of a class at an anchor. */
  public Origin logit(int classId, int anchor) {
    Element element = element(model.head().objective(classId, anchor));
    return beforeSoftmax(Origin.of(graph, shapes, outputs.get(element.output()), element.place()));
  }

  /**
   * A classifier's logit, of which Selvaraju et al. (2017) take the gradient: a probability's own
   * gradient vanishes where the model is sure.
   */
  private Origin beforeSoftmax(Origin origin) {
    NodeProto maker = graph.producer(origin.tensor());
    return maker != null && maker.getOpType().equals("Softmax")
        ? Origin.of(graph, shapes, maker.getInput(0), origin.index())
        : origin;
  }

  /**
   * The logit of a class at an anchor in the tensor that the sigmoid reads, where usual exports
   * have the logits of all scales together.
   */
  public Origin joinedLogit(int classId, int anchor) {
    Element element = element(model.head().objective(classId, anchor));
    return beforeSoftmax(
        Origin.beforeSigmoid(graph, shapes, outputs.get(element.output()), element.place()));
  }

  /** A coordinate of an anchor's box, where its arithmetic ends: 0 to 3 for x, y, width, height. */
  public Origin coordinate(int which, int anchor) {
    Element element = element(model.head().coordinate(which, anchor));
    return Origin.of(graph, shapes, outputs.get(element.output()), element.place());
  }

  /**
   * The tensors of real numbers through which a tensor depends on the image, without the image and
   * itself, in the order in which they are computed.
   */
  List<String> way(String to) {
    Set<String> before = graph.ancestors(List.of(to));
    Set<String> after = new HashSet<>(List.of(image()));
    List<String> way = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (node.getInputList().stream().noneMatch(after::contains)) {
        continue;
      }
      for (String tensor : node.getOutputList()) {
        boolean real = shapes.knows(tensor) && GraphShapes.isReal(shapes.type(tensor));
        if (real && before.contains(tensor)) {
          after.add(tensor);
          way.add(tensor);
        }
      }
    }
    way.remove(to);
    return way;
  }

  /** Whether a convolution makes a tensor. */
  boolean isConvolution(String tensor) {
    NodeProto producer = graph.producer(tensor);
    return producer != null && producer.getOpType().equals("Conv");
  }

  /** The nodes that read a tensor, by name and operator. */
  String readers(String tensor) {
    return graph.consumers(tensor).stream()
        .map(node -> node.getName() + " (" + node.getOpType() + ")")
        .collect(Collectors.joining(", "));
  }

  /** The node that makes a tensor, by name and operator. */
  String maker(String tensor) {
    NodeProto node = graph.producer(tensor);
    return node.getName() + " (" + node.getOpType() + ")";
  }

  /** Of a score that is a product, the class's factor: it lies in a scale, the product in none. */
  private Origin scaled(Origin logit) {
    NodeProto maker = graph.producer(logit.tensor());
    return model.head().isProduct() && maker != null && maker.getOpType().equals("Mul")
        ? Origin.of(graph, shapes, maker.getInput(0), logit.index())
        : logit;
  }

  /** What the heads of the scales read (P3, P4, P5), each once. */
  private List<String> findDetectInputs() {
    List<String> found = new ArrayList<>();
    int anchor = 0;
    while (model.hasAnchor(anchor)) {
      Origin logit = logit(0, anchor);
      if (!logitTensors.contains(logit.tensor())) {
        logitTensors.add(logit.tensor());
      }
      String input = detectInput(scaled(logit), anchor);
      if (input != null && !found.contains(input)) {
        found.add(input);
      }
      long[] map = scaled(logit).shape();
      int cells = 1;
      for (int i = 2; i < map.length; i++) {
        cells *= (int) map[i];
      }
      anchor += Math.max(1, cells);
    }
    return List.copyOf(found);
  }

  /**
   * The last map on the way to a logit that something else needs too: there class and box part. A
   * classifier has no boxes, so there it is the last map of all.
   */
  private String detectInput(Origin logit, int anchor) {
    boolean boxless = model.head().regions().get(0) == Region.Kind.WHOLE_IMAGE;
    Set<String> before = graph.ancestors(List.of(logit.tensor()));
    NodeProto maker = graph.producer(logit.tensor());
    boolean convolution = maker != null && maker.getOpType().equals("Conv");
    if (!boxless && convolution && makesBox(logit.tensor(), before, anchor)) {
      return maker.getInput(0); // One convolution makes classes and boxes, as in YOLOv5.
    }
    String last = null;
    for (NodeProto node : graph.nodes()) {
      for (String tensor : node.getOutputList()) {
        boolean candidate = before.contains(tensor) && !tensor.equals(logit.tensor());
        boolean fits = boxless || (candidate && parts(tensor, before));
        if (candidate && fits && GraphLayers.isMap(shapes, tensor)) {
          last = tensor;
        }
      }
    }
    return last;
  }

  /**
   * Whether the box comes from the convolution of the logits and those before it alone. Where
   * classes and boxes have convolutions of their own, the box depends on both, since exporters join
   * them and take them apart again.
   */
  private boolean makesBox(String logits, Set<String> before, int anchor) {
    Set<String> box = graph.ancestors(List.of(coordinate(0, anchor).tensor()));
    return box.contains(logits)
        && graph.nodes().stream()
            .filter(node -> node.getOpType().equals("Conv"))
            .map(node -> node.getOutput(0))
            .filter(box::contains)
            .allMatch(made -> made.equals(logits) || before.contains(made));
  }

  private boolean parts(String tensor, Set<String> before) {
    return graph.consumers(tensor).stream()
        .filter(reader -> !reader.getOpType().equals("Shape"))
        .anyMatch(reader -> reader.getOutputList().stream().noneMatch(before::contains));
  }

  /**
   * The tensors in which logits first appear, one for each scale of a usual head.
   *
   * @return their names, in the order of the anchors
   */
  public List<String> logitTensors() {
    return List.copyOf(logitTensors);
  }

  /**
   * Those of the layers at which a method looks that a tensor depends on.
   *
   * @param names tensors or layers such as {@code model.15}; empty for the layers that the heads
   *     read
   * @param tensor a tensor of logits
   * @return tensors; may be empty
   */
  public List<String> layersBefore(List<String> names, String tensor) {
    Set<String> before = graph.ancestors(List.of(tensor));
    List<String> wanted = names.isEmpty() ? detectInputs : named(names);
    return wanted.stream().filter(before::contains).toList();
  }

  /**
   * The tensors at which a method looks for a target.
   *
   * @param names tensors or layers such as {@code model.15}; empty for the layers that the heads
   *     read
   * @param logit the logit to explain
   * @return those of them that the logit depends on, at least one
   */
  public List<String> layers(List<String> names, Origin logit) {
    List<String> found = layersBefore(names, scaled(logit).tensor());
    if (found.isEmpty()) {
      List<String> wanted = names.isEmpty() ? detectInputs : named(names);
      throw new NotDifferentiable(
          "The target's logit ("
              + logit.tensor()
              + ") does not depend on "
              + (wanted.isEmpty() ? "any layer that is known" : String.join(", ", names))
              + "."
              + hint());
    }
    return found;
  }

  private List<String> named(List<String> layers) {
    return layers.stream().map(this::map).toList();
  }

  /** The map [N, channels, height, width] of more than one cell that a user means by a layer. */
  public String map(String layer) {
    String tensor;
    try {
      tensor = graph.layer(layer);
    } catch (BadArgument e) {
      throw new BadArgument(e.getMessage() + hint());
    }
    if (!GraphLayers.isMap(shapes, tensor)) {
      throw new BadArgument(
          "The layer "
              + layer
              + " is no map [N, channels, height, width] of more than one cell"
              + (shapes.knows(tensor)
                  ? ", but of the sizes " + Arrays.toString(shapes.shape(tensor))
                  : "")
              + "."
              + hint());
    }
    return tensor;
  }

  private String hint() {
    return detectInputs.isEmpty()
        ? ""
        : " Useful layers of this model: "
            + String.join(", ", detectInputs.stream().map(this::label).toList())
            + " (what the heads read), and those before them.";
  }

  /** A layer as a user would name it: {@code model.15} where that means the same tensor. */
  public String label(String tensor) {
    String[] parts = tensor.split("/");
    for (String part : parts) {
      if (part.startsWith("model.") && tensor.equals(layerOrNull(part))) {
        return part;
      }
    }
    return tensor;
  }

  private String layerOrNull(String name) {
    try {
      return graph.layer(name);
    } catch (BadArgument e) {
      return null;
    }
  }

  /** The element of an objective that has no other. */
  private static Element element(Objective objective) {
    List<Element> elements = objective.elements();
    if (elements.size() != 1 || elements.get(0).weight() != 1) {
      throw new NotDifferentiable(
          "The gradient of this head starts from "
              + elements.size()
              + " elements of its outputs, but only one is known. Use a black-box method (shap,"
              + " lime, d-rise).");
    }
    return elements.get(0);
  }
}
