// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static dev.whybox.graph.Attributes.of;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.whybox.graph.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators that move elements, reduce axes or normalise, in the forms of several operator sets.
 */
class MovementGradientTest {
  private static final long[] X = {-1, 3, 4, 5};

  private static GradientCase one(int opset, String op, AttributeProto... attributes) {
    return GradientCase.of(
        op + " " + attributes.length, opset, m -> m.node(op, "y", List.of("x0"), attributes), X);
  }

  /** The second input is a list of whole numbers. */
  private static GradientCase with(
      int opset, String op, long[] list, long[] in, AttributeProto... attributes) {
    return GradientCase.of(
        op + " " + list.length,
        opset,
        m -> m.node(op, "y", List.of("x0", m.longs(list)), attributes),
        in);
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  private static Stream<GradientCase> shapes() {
    return Stream.of(
        with(17, "Reshape", sizes(-1, 12, 5), X),
        with(11, "Reshape", sizes(0, 0, 20), X),
        with(17, "Reshape", sizes(0, 5, -1), X),
        with(17, "Reshape", sizes(60, -1), X).mixing(),
        one(17, "Flatten"),
        one(17, "Flatten", of("axis", 2)).mixing(),
        one(17, "Flatten", of("axis", -1)).mixing(),
        one(17, "Transpose", of("perm", sizes(2, 0, 3, 1))).mixing(),
        one(17, "Transpose").mixing(),
        GradientCase.of(
                "Squeeze as of 11",
                11,
                m ->
                    m.node("Unsqueeze", "a", List.of("x0"), of("axes", sizes(0, 3)))
                        .node("Squeeze", "b", List.of("a"), of("axes", sizes(0)))
                        .node("Mul", "y", List.of("b", "b")),
                X)
            .mixing(),
        GradientCase.of(
            "Squeeze as of 13",
            13,
            m ->
                m.node("Unsqueeze", "a", List.of("x0", m.longs(1, -1)))
                    .node("Squeeze", "y", List.of("a", m.longs(-1))),
            X),
        squeezeAll(11),
        squeezeAll(13),
        GradientCase.of(
            "Expand",
            13,
            m -> m.node("Expand", "y", List.of("x0", m.longs(2, 1, 4, 5))),
            sizes(3, 1, 5)),
        GradientCase.of(
            "Expand to a computed shape",
            13,
            m ->
                m.node("Shape", "s", List.of("x1"))
                    .node("Expand", "a", List.of("x0", "s"))
                    .node("Mul", "y", List.of("a", "x1")),
            sizes(3, 1, 5),
            X));
  }

  /** Without axes it takes away every axis of size 1. */
  private static GradientCase squeezeAll(int opset) {
    return GradientCase.of(
        "Squeeze without axes",
        opset,
        m -> m.node("Squeeze", "a", List.of("x0")).node("Mul", "y", List.of("a", m.weights(3, 2))),
        sizes(1, 3, 1, 2));
  }

  /** Without sizes the parts are alike. */
  private static GradientCase evenSplit(int opset, boolean all, AttributeProto... attributes) {
    return GradientCase.of(
        "Split without sizes" + (all ? "" : ", two of three used"),
        opset,
        m ->
            m.node("Split", List.of("a", "b", "c"), List.of("x0"), attributes)
                .node("Sin", "d", List.of(all ? "c" : "a"))
                .node("Mul", "e", List.of("a", "d"))
                .node("Add", "y", List.of("e", "b")),
        sizes(-1, 6, 2));
  }

  private static Stream<GradientCase> evenSplits() {
    return Stream.of(true, false)
        .flatMap(
            all ->
                Stream.of(
                    evenSplit(11, all, of("axis", 1)),
                    evenSplit(13, all, of("axis", -2)),
                    evenSplit(18, all, of("axis", 1), of("num_outputs", 3))));
  }

  private static Stream<GradientCase> picks() {
    return Stream.of(
        GradientCase.of(
            "Concat",
            11,
            m -> m.node("Concat", "y", List.of("x0", m.weights(2, 1, 4, 5), "x1"), of("axis", 1)),
            sizes(2, 3, 4, 5),
            sizes(2, 2, 4, 5)),
        GradientCase.of(
            "Concat of all, twice the same",
            17,
            m -> m.node("Concat", "y", List.of("x0", "x1", "x0"), of("axis", -1)),
            X,
            sizes(-1, 3, 4, 2)),
        GradientCase.of(
            "Split as of 11",
            11,
            m ->
                m.node(
                        "Split",
                        List.of("a", "b", "c"),
                        List.of("x0"),
                        of("axis", 3),
                        of("split", sizes(1, 2, 2)))
                    .node("Mul", "y", List.of("b", "c")),
            X),
        GradientCase.of(
            "Split as of 13, all used",
            13,
            m ->
                m.node("Split", List.of("a", "b"), List.of("x0", m.longs(2, 2)), of("axis", -2))
                    .node("Sin", "c", List.of("b"))
                    .node("Mul", "y", List.of("a", "c")),
            X),
        GradientCase.of(
            "Split as of 18, by number",
            18,
            m ->
                m.node(
                        "Split",
                        List.of("a", "b"),
                        List.of("x0"),
                        of("axis", 3),
                        of("num_outputs", 2))
                    .node("ReduceSum", "c", List.of("b", m.longs(3)))
                    .node("Mul", "y", List.of("a", "c")),
            X),
        GradientCase.of(
            "Slice",
            11,
            m ->
                m.node(
                    "Slice",
                    "y",
                    List.of("x0", m.longs(1, -4), m.longs(3, Long.MAX_VALUE), m.longs(1, -1))),
            X),
        GradientCase.of(
            "Slice with steps",
            13,
            m ->
                m.node(
                    "Slice",
                    "y",
                    List.of(
                        "x0",
                        m.longs(2, 4, 0),
                        m.longs(Long.MIN_VALUE, 0, 5),
                        m.longs(1, 3, 2),
                        m.longs(-1, -2, 3))),
            X),
        GradientCase.of(
            "Slice of leading axes",
            11,
            m -> m.node("Slice", "y", List.of("x0", m.longs(0, 1), m.longs(9, 2))),
            X),
        with(17, "Gather", sizes(2, 0, 2), X, of("axis", 1)),
        with(17, "Gather", sizes(1, 2), X, of("axis", 2)),
        with(17, "Gather", sizes(-1, 0, 3), X, of("axis", 3)),
        GradientCase.of(
            "Gather by one number",
            17,
            m ->
                m.node(
                    "Gather",
                    "y",
                    List.of("x0", m.constant(TensorData.longs(-2).reshaped())),
                    of("axis", 2)),
            X),
        GradientCase.of(
            "Gather by a table",
            17,
            m ->
                m.node(
                    "Gather",
                    "y",
                    List.of("x0", m.constant(TensorData.longs(3, 0, 0, 1).reshaped(2, 2))),
                    of("axis", 2)),
            X),
        GradientCase.of(
            "Pad",
            13,
            m -> m.node("Pad", "y", List.of("x0", m.longs(0, 1, 0, 2, 0, 0, 3, 1), m.real(2))),
            X));
  }

  private static GradientCase resize(
      String name, int opset, long[] in, double[] scales, long[] to, AttributeProto... how) {
    return GradientCase.of(
        "Resize " + name,
        opset,
        m -> {
          List<String> inputs = new ArrayList<>(List.of("x0", ""));
          if (scales == null) {
            inputs.addAll(List.of("", m.longs(to)));
          } else {
            inputs.add(
                m.constant(
                    TensorData.of(
                        ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT,
                        new long[] {scales.length},
                        scales)));
          }
          m.node("Resize", "y", inputs, how);
        },
        in);
  }

  private static Stream<GradientCase> resizes() {
    AttributeProto asymmetric = of("coordinate_transformation_mode", "asymmetric");
    AttributeProto floor = of("nearest_mode", "floor");
    double[] twice = {1, 1, 2, 2};
    return Stream.of(
        resize("twice", 13, sizes(-1, 2, 3, 4), twice, null, asymmetric, floor),
        resize("twice, half pixel", 13, sizes(-1, 2, 3, 4), twice, null),
        resize(
            "3 and 2", 13, sizes(1, 1, 2, 3), new double[] {1, 1, 3, 2}, null, asymmetric, floor),
        resize(
            "one axis", 13, sizes(1, 1, 2, 3), new double[] {1, 1, 1, 2}, null, asymmetric, floor),
        resize("1.5", 13, sizes(-1, 2, 4, 3), new double[] {1, 1, 1.5, 1.34}, null),
        resize(
            "smaller",
            13,
            sizes(1, 1, 5, 7),
            new double[] {1, 1, 0.5, 0.6},
            null,
            asymmetric,
            floor),
        resize("to a size", 13, sizes(2, 1, 3, 4), null, sizes(2, 1, 6, 7)));
  }

  private static GradientCase reduction(
      String op, int opset, long[] axes, boolean asInput, int keep) {
    return GradientCase.of(
        op + " over " + axes.length + (asInput ? ", an input" : ""),
        opset,
        m -> {
          if (asInput) {
            m.node(op, "y", List.of("x0", m.longs(axes)), of("keepdims", keep));
          } else {
            m.node(op, "y", List.of("x0"), of("axes", axes), of("keepdims", keep));
          }
        },
        X);
  }

  private static Stream<GradientCase> reductions() {
    return Stream.of(
        reduction("ReduceSum", 11, sizes(1), false, 1),
        reduction("ReduceSum", 13, sizes(-1, 1), true, 0),
        reduction("ReduceMean", 13, sizes(2, 3), false, 1),
        reduction("ReduceMean", 18, sizes(-2), true, 0),
        reduction("ReduceMax", 13, sizes(2, 3), false, 0),
        reduction("ReduceMax", 18, sizes(1), true, 1),
        GradientCase.of(
            "ReduceSum of all", 13, m -> m.node("ReduceSum", "y", List.of("x0")), sizes(3, 4)),
        GradientCase.of(
            "ReduceMean of all",
            11,
            m -> m.node("ReduceMean", "y", List.of("x0"), of("keepdims", 0)),
            sizes(3, 4)));
  }

  private static Stream<GradientCase> softmaxes() {
    return IntStream.of(11, 13, 17)
        .boxed()
        .flatMap(
            opset ->
                Stream.of(
                    one(opset, "Softmax"),
                    one(opset, "Softmax", of("axis", 1)),
                    one(opset, "Softmax", of("axis", -2)),
                    one(opset, "Softmax", of("axis", 3))));
  }

  static Stream<GradientCase> cases() {
    return Stream.of(shapes(), evenSplits(), picks(), resizes(), reductions(), softmaxes())
        .flatMap(c -> c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matchesCentralDifferences(GradientCase gradient) {
    gradient.check();
  }
}
