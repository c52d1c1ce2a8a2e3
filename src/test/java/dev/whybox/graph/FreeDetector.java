// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static dev.whybox.graph.Attributes.of;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/**
 * A small detector with a free batch and a free size, like a dynamic export: strides 2 and 4, a
 * pyramid, and a head that computes its anchors from the shapes. Its output is [batch, 4 + 2,
 * anchors].
 */
public final class FreeDetector {
  private FreeDetector() {}

  public static ModelProto model() {
    return model(17);
  }

  /** With a convolution of their own for boxes and classes at each scale. */
  public static ModelProto withBranches() {
    return model(17, true);
  }

  public static ModelProto model(int opset) {
    return model(opset, false);
  }

  private static ModelProto model(int opset, boolean branches) {
    ModelMaker m = new ModelMaker(opset, DataType.FLOAT).input("images", -1, 3, -2, -2);
    silu(m, "images", "p1", 8, 3, 2);
    silu(m, "p1", "p2", 8, 8, 2);
    m.node(
        "Resize",
        "up",
        List.of("p2", "", m.constant(TensorData.of(DataType.FLOAT, new long[] {4}, 1, 1, 2, 2))),
        of("coordinate_transformation_mode", "asymmetric"),
        of("nearest_mode", "floor"));
    m.node("Concat", "both", List.of("up", "p1"), of("axis", 1));
    silu(m, "both", "q1", 8, 16, 1);
    level(m, "q1", 2, branches);
    level(m, "p2", 4, branches);
    m.node("Concat", "head", List.of("q1/flat", "p2/flat"), of("axis", 2));
    m.node("Concat", "anchors", List.of("q1/anchors", "p2/anchors"), of("axis", 2));
    m.node("Concat", "strides", List.of("q1/strides", "p2/strides"), of("axis", 2));
    m.node("Split", List.of("box", "logits"), List.of("head", m.longs(4, 2)), of("axis", 1));
    m.node("Split", List.of("centre", "size"), List.of("box", m.longs(2, 2)), of("axis", 1));
    m.node("Add", "at", List.of("centre", "anchors"));
    m.node("Concat", "boxes", List.of("at", "size"), of("axis", 1));
    m.node("Mul", "pixels", List.of("boxes", "strides"));
    m.node("Sigmoid", "scores", List.of("logits"));
    m.node("Concat", "output0", List.of("pixels", "scores"), of("axis", 1));
    return m.output("output0", -1, 6, -2).build();
  }

  private static void silu(ModelMaker m, String in, String out, long to, long from, long stride) {
    m.node(
        "Conv",
        out + "/conv",
        List.of(in, m.weights(to, from, 3, 3), m.weights(to)),
        of("strides", new long[] {stride, stride}),
        of("pads", new long[] {1, 1, 1, 1}));
    m.node("Sigmoid", out + "/sigmoid", List.of(out + "/conv"));
    m.node("Mul", out, List.of(out + "/conv", out + "/sigmoid"));
  }

  /** One scale: [batch, 6, anchors], its anchors [1, 2, anchors] and strides [1, 1, anchors]. */
  private static void level(ModelMaker m, String in, double stride, boolean branches) {
    String flat = m.longs(1, 1, -1);
    if (branches) {
      m.node("Conv", in + "/box", List.of(in, m.weights(4, 8, 1, 1), m.weights(4)));
      m.node("Conv", in + "/cls", List.of(in, m.weights(2, 8, 1, 1), m.weights(2)));
      m.node("Concat", in + "/head", List.of(in + "/box", in + "/cls"), of("axis", 1));
    } else {
      m.node("Conv", in + "/head", List.of(in, m.weights(6, 8, 1, 1), m.weights(6)));
    }
    m.node("Shape", in + "/shape", List.of(in + "/head"));
    m.node("Gather", in + "/n", List.of(in + "/shape", m.longs(0)));
    m.node("Concat", in + "/view", List.of(in + "/n", m.longs(6), m.longs(-1)), of("axis", 0));
    m.node("Reshape", in + "/flat", List.of(in + "/head", in + "/view"));
    m.node("Slice", in + "/grid", List.of(in + "/shape", m.longs(2), m.longs(4)));
    for (int axis = 0; axis < 2; axis++) {
      String name = in + "/axis" + axis;
      String index = m.constant(TensorData.longs(3 - axis).reshaped());
      m.node("Gather", name + "/count", List.of(in + "/shape", index));
      String zero = m.constant(TensorData.longs(0).reshaped());
      String one = m.constant(TensorData.longs(1).reshaped());
      m.node("Range", name + "/range", List.of(zero, name + "/count", one));
      m.node("Cast", name + "/real", List.of(name + "/range"), of("to", 1));
      m.node("Add", name + "/middle", List.of(name + "/real", m.real(0.5)));
      String view = axis == 0 ? m.longs(1, -1) : m.longs(-1, 1);
      m.node("Reshape", name + "/line", List.of(name + "/middle", view));
      m.node("Expand", name + "/wide", List.of(name + "/line", in + "/grid"));
      m.node("Reshape", name, List.of(name + "/wide", flat));
    }
    m.node("Concat", in + "/anchors", List.of(in + "/axis0", in + "/axis1"), of("axis", 1));
    m.node(
        "ConstantOfShape",
        in + "/filled",
        List.of(in + "/grid"),
        ai.onnx.proto.OnnxMl.AttributeProto.newBuilder()
            .setName("value")
            .setType(ai.onnx.proto.OnnxMl.AttributeProto.AttributeType.TENSOR)
            .setT(TensorData.of(DataType.FLOAT, new long[] {1}, stride).toProto("value"))
            .build());
    m.node("Reshape", in + "/strides", List.of(in + "/filled", flat));
  }
}
