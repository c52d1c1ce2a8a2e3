// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model to which nodes are added. Tensors are named by their names in the graph. Candidates are
 * the last of three axes in everything but {@link #candidatesLast}.
 */
final class GraphEdit {
  /** Begins the names of all tensors that are added. */
  static final String PREFIX = "whybox/";

  private final ModelProto model;
  private final GraphProto.Builder graph;
  private final List<NodeProto> front = new ArrayList<>();
  private final List<NodeProto> added = new ArrayList<>();
  private int number;

  GraphEdit(ModelProto model) {
    this.model = model;
    this.graph = model.getGraph().toBuilder().clearValueInfo();
    Stream<String> names =
        Stream.concat(
            graph.getNodeList().stream().flatMap(node -> node.getOutputList().stream()),
            graph.getInitializerList().stream().map(tensor -> tensor.getName()));
    this.number =
        names
            .filter(name -> name.startsWith(PREFIX))
            .mapToInt(name -> 1 + Integer.parseInt(name.substring(name.lastIndexOf('_') + 1)))
            .max()
            .orElse(0);
  }

  GraphProto.Builder graph() {
    return graph;
  }

  private String name(String what) {
    return PREFIX + what + "_" + number++;
  }

  String constant(TensorData value) {
    String name = name("constant");
    graph.addInitializer(value.toProto(name));
    return name;
  }

  String longs(long... values) {
    return constant(TensorData.longs(values));
  }

  String reals(List<Long> shape, double... values) {
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return constant(TensorData.of(DataType.FLOAT, sizes, values));
  }

  /** Adds a node behind all others. */
  String node(String op, List<String> in, AttributeProto... attributes) {
    return node(added, op, in, attributes);
  }

  /** Adds a node before all nodes of the file, behind those that were added so earlier. */
  String frontNode(String op, List<String> in, AttributeProto... attributes) {
    return node(front, op, in, attributes);
  }

  private String node(List<NodeProto> to, String op, List<String> in, AttributeProto... more) {
    String out = name(op.toLowerCase(java.util.Locale.ROOT));
    to.add(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(out)
            .addAllInput(in)
            .addOutput(out)
            .addAllAttribute(List.of(more))
            .build());
    return out;
  }

  String toFloat(String tensor) {
    return node("Cast", List.of(tensor), Attributes.of("to", DataType.FLOAT_VALUE));
  }

  /** [N, candidates, rows] as [N, rows, candidates]. */
  String candidatesLast(String tensor) {
    return node("Transpose", List.of(tensor), Attributes.of("perm", new long[] {0, 2, 1}));
  }

  /** The rows from one to before another. */
  String rows(String tensor, int from, int to) {
    return node("Slice", List.of(tensor, longs(from), longs(to), longs(1)));
  }

  String stacked(String... parts) {
    return node("Concat", List.of(parts), Attributes.of("axis", 1));
  }

  String product(String a, String b) {
    return node("Mul", List.of(a, b));
  }

  String sum(String a, String b) {
    return node("Add", List.of(a, b));
  }

  String difference(String a, String b) {
    return node("Sub", List.of(a, b));
  }

  String reshaped(String tensor, long... sizes) {
    return node("Reshape", List.of(tensor, longs(sizes)));
  }

  /** Boxes x1, y1, x2, y2 as centre, width, height. */
  String centred(String corners) {
    String low = rows(corners, 0, 2);
    String high = rows(corners, 2, 4);
    String middle = product(sum(low, high), reals(List.of(), 0.5));
    return stacked(middle, difference(high, low));
  }

  /** Boxes in shares of the input's sides as pixels. */
  String inPixels(String boxes, int height, int width) {
    return product(boxes, reals(List.of(1L, 4L, 1L), width, height, width, height));
  }

  /** Lets all nodes of the file read another tensor in place of one. */
  void rename(Map<String, String> inputs) {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      if (node.getInputList().stream().anyMatch(inputs::containsKey)) {
        NodeProto.Builder copy = node.toBuilder().clearInput();
        node.getInputList().forEach(name -> copy.addInput(inputs.getOrDefault(name, name)));
        graph.setNode(i, copy);
      }
    }
  }

  /** The batch of the first input, as it is declared. */
  private TensorShapeProto.Dimension batch() {
    TensorShapeProto shape = graph.getInput(0).getType().getTensorType().getShape();
    return shape.getDimCount() > 0
        ? shape.getDim(0)
        : TensorShapeProto.Dimension.getDefaultInstance();
  }

  /** Adds an output of float32; its sizes after the batch, or none where they are not known. */
  ValueInfoProto declared(String tensor, int... sizes) {
    TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE);
    if (sizes.length > 0) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder().addDim(batch());
      Arrays.stream(sizes)
          .forEach(n -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(n)));
      type.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(tensor)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  /** The changed model. */
  ModelProto build() {
    GraphProto.Builder result = graph.clone();
    List<NodeProto> all = new ArrayList<>(front);
    all.addAll(graph.getNodeList());
    all.addAll(added);
    return model.toBuilder().setGraph(result.clearNode().addAllNode(all)).build();
  }

  /** What the file says of itself. */
  static Map<String, String> metadata(ModelProto model) {
    Map<String, String> result = new HashMap<>();
    model.getMetadataPropsList().forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }
}
