// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph.gradient;

import static dev.whybox.graph.Attributes.of;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions and pools: every attribute, sizes that leave a rest. */
class WindowGradientTest {

  private static GradientCase conv(
      String name, long[] in, long[] weights, AttributeProto... attributes) {
    return GradientCase.of(
        "Conv " + name,
        17,
        m ->
            m.node(
                "Conv", "y", List.of("x0", m.weights(weights), m.weights(weights[0])), attributes),
        in);
  }

  private static GradientCase transposed(
      String name, long[] in, long[] weights, AttributeProto... attributes) {
    return GradientCase.of(
        "ConvTranspose " + name,
        17,
        m -> m.node("ConvTranspose", "y", List.of("x0", m.weights(weights)), attributes),
        in);
  }

  private static GradientCase pool(
      String name, String op, long[] in, AttributeProto... attributes) {
    return GradientCase.of(
        op + " " + name, 19, m -> m.node(op, "y", List.of("x0"), attributes), in);
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  private static AttributeProto strides(long... values) {
    return of("strides", values);
  }

  private static AttributeProto pads(long... values) {
    return of("pads", values);
  }

  private static AttributeProto kernel(long... values) {
    return of("kernel_shape", values);
  }

  private static AttributeProto dilations(long... values) {
    return of("dilations", values);
  }

  static Stream<GradientCase> cases() {
    return Stream.of(
        conv("plain", sizes(-1, 2, 5, 4), sizes(3, 2, 3, 3), pads(1, 1, 1, 1)),
        conv("1x1", sizes(-1, 3, 2, 3), sizes(2, 3, 1, 1)),
        conv("no padding", sizes(-1, 1, 5, 3), sizes(2, 1, 3, 2)),
        conv("stride 2", sizes(-1, 2, 7, 6), sizes(3, 2, 3, 3), pads(1, 1, 1, 1), strides(2, 2)),
        conv(
            "stride 2, even",
            sizes(1, 1, 6, 4),
            sizes(2, 1, 3, 3),
            pads(1, 1, 1, 1),
            strides(2, 2)),
        conv(
            "stride 2, 6x6", sizes(1, 1, 8, 8), sizes(1, 1, 6, 6), pads(2, 2, 2, 2), strides(2, 2)),
        conv(
            "stride 2, large",
            sizes(-1, 2, 12, 12),
            sizes(2, 2, 3, 3),
            pads(1, 1, 1, 1),
            strides(2, 2)),
        conv(
            "stride 2, large, 6x6, odd",
            sizes(1, 2, 13, 12),
            sizes(1, 2, 6, 6),
            pads(2, 2, 2, 2),
            strides(2, 2)),
        conv(
            "strides 3 and 2, large, asymmetric",
            sizes(1, 1, 16, 11),
            sizes(1, 1, 5, 3),
            pads(0, 1, 2, 0),
            strides(3, 2)),
        conv("stride 2 one way, large", sizes(1, 2, 5, 12), sizes(1, 2, 2, 3), strides(1, 2)),
        conv(
            "stride 2, large, wide padding",
            sizes(1, 1, 7, 7),
            sizes(1, 1, 2, 2),
            pads(3, 2, 1, 3),
            strides(2, 2)),
        conv("stride 3, rest", sizes(-1, 1, 8, 7), sizes(2, 1, 3, 2), strides(3, 3)),
        conv("stride 4 over 1x1", sizes(1, 2, 7, 6), sizes(1, 2, 1, 1), strides(4, 3)),
        conv("asymmetric", sizes(1, 1, 6, 5), sizes(2, 1, 3, 3), pads(0, 1, 2, 0), strides(1, 2)),
        conv("wide padding", sizes(1, 1, 3, 4), sizes(1, 1, 2, 2), pads(3, 2, 1, 3)),
        conv("dilated", sizes(1, 2, 7, 6), sizes(1, 2, 3, 2), dilations(2, 3), pads(1, 2, 1, 0)),
        conv(
            "dilated stride", sizes(1, 1, 9, 8), sizes(1, 1, 3, 3), dilations(2, 2), strides(2, 3)),
        conv("groups", sizes(-1, 4, 4, 3), sizes(6, 2, 3, 3), of("group", 2), pads(1, 1, 1, 1)),
        conv(
            "depthwise, stride 2",
            sizes(-1, 3, 5, 6),
            sizes(3, 1, 3, 3),
            of("group", 3),
            strides(2, 2),
            pads(1, 1, 1, 1)),
        conv(
            "same upper",
            sizes(1, 1, 6, 5),
            sizes(1, 1, 3, 2),
            of("auto_pad", "SAME_UPPER"),
            strides(2, 2)),
        conv("same lower", sizes(1, 1, 6, 5), sizes(1, 1, 2, 4), of("auto_pad", "SAME_LOWER")),
        conv("valid", sizes(1, 1, 6, 5), sizes(1, 1, 3, 2), of("auto_pad", "VALID"), strides(2, 2)),
        conv("one axis", sizes(-1, 2, 7), sizes(3, 2, 3), strides(2), pads(1, 0)),
        transposed("stride 2", sizes(-1, 3, 3, 2), sizes(3, 2, 2, 2), strides(2, 2)),
        transposed(
            "output padding",
            sizes(1, 2, 3, 4),
            sizes(2, 1, 3, 3),
            strides(2, 2),
            pads(1, 1, 1, 1),
            of("output_padding", new long[] {1, 1})),
        transposed(
            "rest beyond",
            sizes(1, 1, 3, 2),
            sizes(1, 1, 2, 2),
            strides(3, 2),
            of("output_padding", new long[] {2, 0})),
        transposed(
            "groups", sizes(1, 4, 3, 3), sizes(4, 2, 3, 2), of("group", 2), pads(0, 1, 1, 0)),
        transposed("dilated", sizes(1, 1, 3, 4), sizes(1, 2, 2, 3), dilations(2, 2), strides(1, 2)),
        transposed(
            "sized",
            sizes(1, 1, 3, 3),
            sizes(1, 1, 3, 3),
            strides(2, 2),
            of("output_shape", sizes(6, 5))),
        pool("3", "MaxPool", sizes(-1, 2, 5, 4), kernel(3, 3), pads(1, 1, 1, 1)),
        pool("5", "MaxPool", sizes(1, 1, 7, 6), kernel(5, 5), pads(2, 2, 2, 2)),
        pool("2, stride 2", "MaxPool", sizes(-1, 1, 5, 4), kernel(2, 2), strides(2, 2)),
        pool(
            "3, stride 2",
            "MaxPool",
            sizes(1, 1, 6, 7),
            kernel(3, 3),
            strides(2, 2),
            pads(1, 1, 1, 1)),
        pool("stride 3, rest", "MaxPool", sizes(1, 1, 8, 9), kernel(2, 2), strides(3, 3)),
        pool("ceil", "MaxPool", sizes(1, 1, 6, 7), kernel(3, 2), strides(2, 2), of("ceil_mode", 1)),
        pool("asymmetric", "MaxPool", sizes(1, 1, 4, 5), kernel(2, 3), pads(0, 2, 1, 0)),
        pool("dilated", "MaxPool", sizes(1, 1, 7, 6), kernel(3, 2), dilations(2, 3)),
        pool("one row", "MaxPool", sizes(1, 1, 3, 6), kernel(1, 3), strides(1, 2)),
        pool("every other", "MaxPool", sizes(1, 1, 5, 6), kernel(1, 1), strides(2, 3)),
        pool("one axis", "MaxPool", sizes(-1, 2, 9), kernel(3), strides(2), pads(1, 1)),
        pool("plain", "AveragePool", sizes(-1, 2, 5, 4), kernel(3, 2)),
        pool("stride 2", "AveragePool", sizes(-1, 3, 6, 5), kernel(2, 2), strides(2, 2)),
        pool("padded", "AveragePool", sizes(1, 2, 5, 4), kernel(3, 3), pads(1, 1, 1, 1)),
        pool(
            "padding counts",
            "AveragePool",
            sizes(1, 2, 5, 4),
            kernel(3, 3),
            pads(1, 0, 1, 1),
            strides(2, 1),
            of("count_include_pad", 1)),
        pool(
            "ceil",
            "AveragePool",
            sizes(1, 1, 6, 7),
            kernel(3, 2),
            strides(2, 2),
            of("ceil_mode", 1)),
        pool("all", "GlobalAveragePool", sizes(-1, 3, 4, 5)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matchesCentralDifferences(GradientCase gradient) {
    gradient.check();
  }
}
