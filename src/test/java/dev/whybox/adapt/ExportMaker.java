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
import dev.whybox.graph.HalfModel;
import dev.whybox.graph.Simplification;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes the layouts of other exporters with the weights of an Ultralytics detector of 640 pixels:
 * all must find what it finds.
 */
public final class ExportMaker {
  private static final int A = 8400;
  private static final int CLASSES = 80;

  private final ModelProto source;
  private final GraphProto.Builder graph;
  private final List<NodeProto> front = new ArrayList<>();
  private boolean named = true;
  private int number;

  private ExportMaker(ModelProto source) {
    this.source = source;
    this.graph = source.getGraph().toBuilder().clearValueInfo();
  }

  /** The layouts. */
  public enum Export {
    TRANSPOSED,
    NHWC,
    UINT8_NHWC,
    UINT8_NCHW,
    FLOAT255,
    MEAN_STD,
    BOXES_SCORES,
    YOLO_NAS,
    LABELS,
    LABELS_ALONE,
    NO_METADATA,
    SCALES,
    SCALES_APART,
    HALF,
    YOLOV6,
    NORMALISED,
    CORNERS,
    LOGITS,
    OBJECTNESS,
    YOLOX,
    DETR,
    QUERIES_INSIDE
  }

  /** Makes one. */
  public static ModelProto of(ModelProto detector, Export export) {
    return new ExportMaker(detector).made(export);
  }

  private String boxes() {
    return last().getInput(0);
  }

  private String scores() {
    return last().getInput(1);
  }

  private NodeProto last() {
    return source.getGraph().getNodeList().stream()
        .filter(node -> node.getOutputList().contains("output0"))
        .findFirst()
        .orElseThrow();
  }

  private String op(String op, List<String> in, AttributeProto... attributes) {
    return ops(graph::addNode, op, 1, in, attributes).get(0);
  }

  private List<String> ops(
      java.util.function.Consumer<NodeProto> to,
      String op,
      int outputs,
      List<String> in,
      AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(op).addAllInput(in).addAllAttribute(List.of(attributes));
    for (int i = 0; i < outputs; i++) {
      node.addOutput("made_" + number++);
    }
    to.accept(node.build());
    return node.getOutputList();
  }

  private String constant(TensorData data) {
    String name = "made_" + number++;
    graph.addInitializer(data.toProto(name));
    return name;
  }

  private String reals(long[] shape, double... values) {
    return constant(TensorData.of(DataType.FLOAT, shape, values));
  }

  private String turned(String tensor) {
    return op("Transpose", List.of(tensor), Attributes.of("perm", new long[] {0, 2, 1}));
  }

  private String rows(String tensor, int from, int to) {
    return op(
        "Slice",
        List.of(
            tensor,
            constant(TensorData.longs(from)),
            constant(TensorData.longs(to)),
            constant(TensorData.longs(1))));
  }

  private String stacked(String... parts) {
    return op("Concat", List.of(parts), Attributes.of("axis", 1));
  }

  private String times(String tensor, double factor) {
    return op("Mul", List.of(tensor, reals(new long[0], factor)));
  }

  private String most(String tensor, int axis) {
    return op("ReduceMax", List.of(tensor, constant(TensorData.longs(axis))));
  }

  private String corners() {
    String middle = rows(boxes(), 0, 2);
    String half = times(rows(boxes(), 2, 4), 0.5);
    return stacked(op("Sub", List.of(middle, half)), op("Add", List.of(middle, half)));
  }

  private void output(String tensor, DataType type, long... shape) {
    graph.addOutput(value(tensor, type, shape));
  }

  private static ValueInfoProto value(String name, DataType type, long... shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      sizes.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(sizes)))
        .build();
  }

  /** Puts nodes between an input of another kind and what the network read. */
  private void input(DataType type, long[] shape, UnaryOperator<String> nodes) {
    String last = nodes.apply("images");
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto.Builder node = graph.getNodeBuilder(i);
      for (int k = 0; k < node.getInputCount(); k++) {
        if (node.getInput(k).equals("images")) {
          node.setInput(k, last);
        }
      }
    }
    graph.setInput(0, value("images", type, shape));
  }

  private String before(String op, List<String> in, AttributeProto... attributes) {
    return ops(front::add, op, 1, in, attributes).get(0);
  }

  private String divided(String tensor) {
    return before("Div", List.of(tensor, reals(new long[0], 255)));
  }

  private static final AttributeProto TO_FLOAT = Attributes.of("to", DataType.FLOAT_VALUE);
  private static final AttributeProto CHANNELS_FIRST =
      Attributes.of("perm", new long[] {0, 3, 1, 2});

  private ModelProto made(Export export) {
    long[] last = {1, 640, 640, 3};
    long[] first = {1, 3, 640, 640};
    switch (export) {
      case NHWC ->
          input(DataType.FLOAT, last, x -> before("Transpose", List.of(x), CHANNELS_FIRST));
      case UINT8_NHWC ->
          input(
              DataType.UINT8,
              last,
              x ->
                  divided(
                      before(
                          "Transpose",
                          List.of(before("Cast", List.of(x), TO_FLOAT)),
                          CHANNELS_FIRST)));
      case UINT8_NCHW ->
          input(DataType.UINT8, first, x -> divided(before("Cast", List.of(x), TO_FLOAT)));
      case FLOAT255 -> input(DataType.FLOAT, first, this::divided);
      case MEAN_STD ->
          // What undoes (255·x − mean) / std, so that the network reads x.
          input(
              DataType.FLOAT,
              first,
              x ->
                  divided(
                      before(
                          "Add",
                          List.of(
                              before("Mul", List.of(x, reals(new long[] {3, 1, 1}, 58, 57, 56))),
                              reals(new long[] {3, 1, 1}, 123, 116, 103)))));
      case HALF -> {
        return HalfModel.of(source);
      }
      case NO_METADATA -> named = false;
      default -> heads(export);
    }
    List<NodeProto> nodes = new ArrayList<>(front);
    nodes.addAll(graph.getNodeList());
    ModelProto.Builder result =
        source.toBuilder().setGraph(graph.clone().clearNode().addAllNode(nodes));
    if (!named) {
      result.clearMetadataProps();
    }
    return Simplification.pruned(result.build());
  }

  private void heads(Export export) {
    graph.clearOutput();
    // Moves with the picture, and is above each score, so that all factors are in [0,1].
    String objectness =
        op("Sub", List.of(reals(new long[0], 1), times(rows(scores(), 0, 1), 0.05)));
    String classes = op("Div", List.of(scores(), objectness));
    switch (export) {
      case TRANSPOSED -> output(turned("output0"), DataType.FLOAT, 1, A, 84);
      case BOXES_SCORES -> {
        output(boxes(), DataType.FLOAT, 1, 4, A);
        output(scores(), DataType.FLOAT, 1, CLASSES, A);
      }
      case YOLO_NAS -> {
        named = false;
        output(turned(corners()), DataType.FLOAT, 1, A, 4);
        output(turned(scores()), DataType.FLOAT, 1, A, CLASSES);
      }
      case LABELS -> {
        named = false;
        String each = turned(scores());
        String best = most(each, -1);
        String label =
            op("Cast", List.of(op("ArgMax", List.of(each), Attributes.of("axis", -1))), TO_FLOAT);
        String joined =
            op("Concat", List.of(turned(corners()), best, label), Attributes.of("axis", 2));
        output(joined, DataType.FLOAT, 1, A, 6);
      }
      case LABELS_ALONE -> {
        // The label comes from arithmetic in which no choice of a class is seen.
        String best = most(scores(), 1);
        String is = op("Cast", List.of(op("Equal", List.of(scores(), best))), TO_FLOAT);
        double[] numbers = new double[CLASSES];
        Arrays.setAll(numbers, i -> i);
        String label = most(op("Mul", List.of(is, reals(new long[] {1, CLASSES, 1}, numbers))), 1);
        output(turned(stacked(corners(), best, label)), DataType.FLOAT, 1, A, 6);
      }
      case SCALES, SCALES_APART -> {
        named = export == Export.SCALES;
        for (NodeProto node : source.getGraph().getNodeList()) {
          for (int i = 0; i < 3; i++) {
            String wanted = "/model.22/Concat" + (i == 0 ? "" : "_" + i) + "_output_0";
            if (!node.getOutputList().contains(wanted)) {
              continue;
            }
            long side = 80 >> i;
            if (export == Export.SCALES) {
              output(wanted, DataType.FLOAT, 1, 144, side, side);
            } else {
              output(node.getInput(0), DataType.FLOAT, 1, 64, side, side);
              output(node.getInput(1), DataType.FLOAT, 1, CLASSES, side, side);
            }
          }
        }
      }
      case YOLOV6 -> {
        named = false;
        double[] ones = new double[A];
        Arrays.fill(ones, 1);
        String all = stacked(boxes(), reals(new long[] {1, 1, A}, ones), scores());
        output(turned(all), DataType.FLOAT, 1, A, 85);
      }
      case NORMALISED ->
          output(stacked(times(boxes(), 1 / 640.0), scores()), DataType.FLOAT, 1, 84, A);
      case CORNERS -> output(stacked(corners(), scores()), DataType.FLOAT, 1, 84, A);
      case LOGITS -> {
        NodeProto sigmoid =
            source.getGraph().getNodeList().stream()
                .filter(node -> node.getOutputList().contains(scores()))
                .findFirst()
                .orElseThrow();
        output(stacked(boxes(), sigmoid.getInput(0)), DataType.FLOAT, 1, 84, A);
      }
      case OBJECTNESS ->
          output(turned(stacked(boxes(), objectness, classes)), DataType.FLOAT, 1, A, 85);
      case YOLOX -> yolox(objectness, classes);
      case DETR -> detr();
      case QUERIES_INSIDE -> queries();
      default -> throw new IllegalArgumentException(export.toString());
    }
  }

  private void yolox(String objectness, String classes) {
    named = false;
    double[] cells = new double[2 * A];
    double[] strides = new double[A];
    int a = 0;
    for (int stride = 8; stride <= 32; stride *= 2) {
      for (int y = 0; y < 640 / stride; y++) {
        for (int x = 0; x < 640 / stride; x++, a++) {
          cells[a] = x;
          cells[A + a] = y;
          strides[a] = stride;
        }
      }
    }
    String stride = reals(new long[] {1, 1, A}, strides);
    String offset =
        op(
            "Sub",
            List.of(
                op("Div", List.of(rows(boxes(), 0, 2), stride)),
                reals(new long[] {1, 2, A}, cells)));
    String size = op("Log", List.of(op("Div", List.of(rows(boxes(), 2, 4), stride))));
    output(turned(stacked(offset, size, objectness, classes)), DataType.FLOAT, 1, A, 85);
    input(
        DataType.FLOAT,
        new long[] {1, 3, 640, 640},
        x ->
            before(
                "Gather",
                List.of(
                    // A multiplication that is none of 1/255, so that the file shows nothing.
                    before(
                        "Conv",
                        List.of(x, reals(new long[] {3, 1, 1, 1}, 1 / 255.0, 1 / 255.0, 1 / 255.0)),
                        Attributes.of("group", 3)),
                    constant(TensorData.longs(2, 1, 0))),
                Attributes.of("axis", 1)));
  }

  /** Labels, boxes and scores of the 300 best pairs of query and class. */
  private void detr() {
    named = false;
    String each = turned(scores());
    String flat = op("Reshape", List.of(each, constant(TensorData.longs(1, -1))));
    List<String> top =
        ops(
            graph::addNode,
            "TopK",
            2,
            List.of(flat, constant(TensorData.longs(300))),
            Attributes.of("axis", -1));
    String count = constant(TensorData.longs(CLASSES));
    String label = op("Mod", List.of(top.get(1), count));
    String query = op("Div", List.of(top.get(1), count));
    String place =
        op(
            "Tile",
            List.of(
                op("Reshape", List.of(query, constant(TensorData.longs(1, 300, 1)))),
                constant(TensorData.longs(1, 1, 4))));
    String shares = turned(times(corners(), 1 / 640.0));
    String size = op("Cast", List.of("orig_target_sizes"), TO_FLOAT);
    String both =
        op(
            "Reshape",
            List.of(
                op("Concat", List.of(size, size), Attributes.of("axis", 1)),
                constant(TensorData.longs(1, 1, 4))));
    String scaled = op("Mul", List.of(shares, both));
    String kept = op("GatherElements", List.of(scaled, place), Attributes.of("axis", 1));
    graph.addInput(value("orig_target_sizes", DataType.INT64, 1, 2));
    output(label, DataType.INT64, 1, 300);
    output(kept, DataType.FLOAT, 1, 300, 4);
    output(top.get(0), DataType.FLOAT, 1, 300);
  }

  /** YOLOv10: the 300 best candidates by their best class. */
  private void queries() {
    String each = turned(scores());
    String best = op("Squeeze", List.of(most(each, -1), constant(TensorData.longs(-1))));
    List<String> top =
        ops(
            graph::addNode,
            "TopK",
            2,
            List.of(best, constant(TensorData.longs(300))),
            Attributes.of("axis", -1));
    String place = op("Reshape", List.of(top.get(1), constant(TensorData.longs(1, 300, 1))));
    String kept =
        op(
            "GatherElements",
            List.of(
                turned(corners()), op("Tile", List.of(place, constant(TensorData.longs(1, 1, 4))))),
            Attributes.of("axis", 1));
    String likely =
        op(
            "GatherElements",
            List.of(each, op("Tile", List.of(place, constant(TensorData.longs(1, 1, CLASSES))))),
            Attributes.of("axis", 1));
    String score = most(likely, -1);
    String label =
        op("Cast", List.of(op("ArgMax", List.of(likely), Attributes.of("axis", -1))), TO_FLOAT);
    output(
        op("Concat", List.of(kept, score, label), Attributes.of("axis", 2)),
        DataType.FLOAT,
        1,
        300,
        6);
  }
}
