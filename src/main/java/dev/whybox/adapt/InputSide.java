// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.FloatInterface;
import dev.whybox.graph.GraphShapes;
import dev.whybox.graph.TensorData;
import dev.whybox.yolo.InputChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The input side of a model: gives every model the input [N,3,height,width] of RGB in [0,1], and
 * outputs of float32.
 *
 * @param model the changed model; the same object where nothing had to change
 * @param size the size at which it runs
 * @param notes what was found, in sentences; empty where nothing had to change
 */
record InputSide(ModelProto model, InputChoice size, List<String> notes) {
  private static final int BYTE = 255;

  /** Luma of ITU-R BT.601, which OpenCV and Pillow use for gray pictures. */
  private static final double[] GRAY = {0.299, 0.587, 0.114};

  /** Operators that leave values and their order in pixels as they are. */
  private static final Set<String> KEEPS = Set.of("Cast", "Transpose", "Identity");

  /** Rewrites a model. */
  static InputSide of(ModelProto file, int size, InputValues values, String path) {
    List<ValueInfoProto> inputs = inputs(file);
    ValueInfoProto image =
        inputs.stream()
            .filter(input -> GraphShapes.declared(input).length == 4)
            .findFirst()
            .orElse(null);
    Map<String, String> metadata = GraphEdit.metadata(file);
    if (image == null) {
      throw new UnknownLayout(
          "%s: an image input of four axes is needed, [N,3,height,width] or [N,height,width,3]; this model has the inputs %s. Export the detector with its image input."
              .formatted(path, inputs.stream().map(InputSide::text).toList()));
    }
    long[] shape = GraphShapes.declared(image);
    boolean channelsLast = !isChannels(shape[1]) && isChannels(shape[3]);
    long channels = channelsLast ? shape[3] : shape[1];
    if (channels > 0 && !isChannels(channels)) {
      throw new UnknownLayout(
          "%s: the image input %s must have 3 channels (colour) or 1 (gray), as [N,3,height,width] or [N,height,width,3]. Export a model for colour images."
              .formatted(path, text(image)));
    }
    long[] usual =
        channelsLast
            ? new long[] {shape[0], channels, shape[1], shape[2]}
            : new long[] {shape[0], channels, shape[2], shape[3]};
    InputChoice choice = InputChoice.of(usual, metadata, size, path);
    List<String> notes = new ArrayList<>();
    GraphEdit edit = new GraphEdit(FloatInterface.needed(file) ? FloatInterface.of(file) : file);
    int type = image.getType().getTensorType().getElemType();
    boolean real = type == DataType.FLOAT_VALUE || type == DataType.FLOAT16_VALUE;
    if (channelsLast) {
      notes.add("the input has its channels last");
    }
    if (!real) {
      notes.add("the input takes whole numbers 0 to 255");
    }
    boolean divides = real && divides(file, image.getName());
    if (divides) {
      notes.add("the graph scales the input itself, so it gets 0 to 255");
    }
    InputValues wanted = values.scaled(real && !divides ? 1 : BYTE);
    if (channels == 1) {
      notes.add("the input is gray");
    }
    if (!notes.isEmpty() || !wanted.usual()) {
      front(edit, image, usual, channels == 1, channelsLast, wanted);
    }
    for (ValueInfoProto input : inputs) {
      if (input != image) {
        notes.add("the input " + input.getName() + " is the size of the input in pixels");
        constant(edit, input, choice, path);
      }
    }
    boolean cast = floatOutputs(edit);
    boolean changed = cast || !notes.isEmpty() || !wanted.usual();
    return new InputSide(changed ? edit.build() : file, choice, List.copyOf(notes));
  }

  private static boolean isChannels(long size) {
    return size == 3 || size == 1;
  }

  private static List<ValueInfoProto> inputs(ModelProto file) {
    Set<String> constants = new HashSet<>();
    file.getGraph().getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    return file.getGraph().getInputList().stream()
        .filter(input -> !constants.contains(input.getName()))
        .toList();
  }

  private static String text(ValueInfoProto value) {
    return value.getName() + " " + Arrays.toString(GraphShapes.declared(value));
  }

  /** Whether the first arithmetic on the image is of numbers from 0 to 255. */
  private static boolean divides(ModelProto file, String image) {
    Map<String, TensorData> constants = new java.util.HashMap<>();
    for (TensorProto tensor : file.getGraph().getInitializerList()) {
      if (tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b) <= 4) {
        constants.put(tensor.getName(), TensorData.of(tensor));
      }
    }
    String at = image;
    for (NodeProto node : file.getGraph().getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getAttribute(0).hasT()) {
        TensorProto tensor = node.getAttribute(0).getT();
        if (tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b) <= 4) {
          constants.put(node.getOutput(0), TensorData.of(tensor));
        }
      } else if (node.getInputList().contains(at) && !node.getOpType().equals("Shape")) {
        if (KEEPS.contains(node.getOpType())) {
          at = node.getOutput(0);
          continue;
        }
        String other = node.getInput(node.getInputCount() - 1);
        TensorData value = node.getInputCount() == 2 ? constants.get(other) : null;
        double most = value == null ? 0 : Arrays.stream(value.values()).max().orElse(0);
        return switch (node.getOpType()) {
          case "Div" -> most > 50 && most < 260;
          case "Mul" -> most > 0 && most < 1 / 50.0;
          case "Sub" -> most > 50 && most < 256;
          default -> false;
        };
      }
    }
    return false;
  }

  /** One 1×1 convolution makes channels, order, scale and mean of our picture. */
  private static void front(
      GraphEdit edit,
      ValueInfoProto image,
      long[] usual,
      boolean gray,
      boolean channelsLast,
      InputValues values) {
    String name = image.getName();
    int channels = gray ? 1 : 3;
    double[] weights = new double[3 * channels];
    for (int out = 0; out < channels; out++) {
      for (int in = 0; in < 3; in++) {
        double share = gray ? GRAY[in] : values.source(out) == in ? 1 : 0;
        weights[3 * out + in] = share * values.scale() / values.std().get(gray ? 0 : out);
      }
    }
    double[] bias = new double[channels];
    Arrays.setAll(bias, c -> -values.mean().get(c) / values.std().get(c));
    String kernel = edit.reals(List.of((long) channels, 3L, 1L, 1L), weights);
    List<String> in =
        Arrays.stream(bias).allMatch(b -> b == 0)
            ? List.of(name, kernel)
            : List.of(name, kernel, edit.reals(List.of((long) channels), bias));
    String last = edit.frontNode("Conv", in, Attributes.of("kernel_shape", new long[] {1, 1}));
    if (channelsLast) {
      last =
          edit.frontNode(
              "Transpose", List.of(last), Attributes.of("perm", new long[] {0, 2, 3, 1}));
    }
    edit.rename(Map.of(name, last));
    List<ValueInfoProto> kept = new ArrayList<>();
    kept.add(edit.declared(name, 3, (int) usual[2], (int) usual[3]));
    for (ValueInfoProto input : edit.graph().getInputList()) {
      if (!input.getName().equals(name)) {
        kept.add(input);
      }
    }
    ValueInfoProto.Builder first = kept.get(0).toBuilder();
    TensorShapeProto.Builder sizes =
        first.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    sizes.setDim(0, image.getType().getTensorType().getShape().getDim(0));
    for (int axis = 2; axis < 4; axis++) {
      if (usual[axis] <= 0) {
        sizes.getDimBuilder(axis).clearValue();
      }
    }
    edit.graph().clearInput().addInput(first).addAllInput(kept.subList(1, kept.size()));
  }

  /**
   * A second input becomes a constant: the size of the picture, as detectors of the DETR kind ask.
   */
  private static void constant(
      GraphEdit edit, ValueInfoProto input, InputChoice size, String path) {
    long[] shape = GraphShapes.declared(input);
    if (shape.length == 0 || shape.length > 2 || shape[shape.length - 1] != 2) {
      throw new UnknownLayout(
          "%s: besides the image, an input [N,2] for the image's size is known; this model has the input %s. Export the detector with the image as its only input."
              .formatted(path, text(input)));
    }
    String name = input.getName().toLowerCase(Locale.ROOT);
    double[] pair =
        name.contains("scale")
            ? new double[] {1, 1}
            : name.contains("im_shape")
                ? new double[] {size.height(), size.width()}
                : new double[] {size.width(), size.height()};
    int rows = shape.length == 1 ? 1 : (int) Math.max(1, shape[0]);
    double[] values = new double[2 * rows];
    Arrays.setAll(values, i -> pair[i % 2]);
    long[] sizes = shape.length == 1 ? new long[] {2} : new long[] {rows, 2};
    DataType type = DataType.forNumber(input.getType().getTensorType().getElemType());
    edit.graph().addInitializer(TensorData.of(type, sizes, values).toProto(input.getName()));
    List<ValueInfoProto> kept =
        edit.graph().getInputList().stream()
            .filter(other -> !other.getName().equals(input.getName()))
            .toList();
    edit.graph().clearInput().addAllInput(kept);
  }

  private static boolean floatOutputs(GraphEdit edit) {
    boolean changed = false;
    for (int i = 0; i < edit.graph().getOutputCount(); i++) {
      ValueInfoProto output = edit.graph().getOutput(i);
      int type = output.getType().getTensorType().getElemType();
      if (output.getType().hasTensorType() && type != DataType.FLOAT_VALUE) {
        ValueInfoProto.Builder copy = output.toBuilder().setName(edit.toFloat(output.getName()));
        copy.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
        edit.graph().setOutput(i, copy);
        changed = true;
      }
    }
    return changed;
  }
}
