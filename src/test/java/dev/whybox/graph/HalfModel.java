// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes a float16 model of a float32 one, as an export with {@code half=True} does. */
public final class HalfModel {
  private HalfModel() {}

  public static ModelProto of(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      // Resize takes its scales as float32 whatever its input is.
      if (!isScales(graph, graph.getInitializer(i).getName())) {
        graph.setInitializer(i, half(graph.getInitializer(i)));
      }
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      graph.setNode(i, half(graph, graph.getNode(i)));
    }
    graph.clearValueInfo();
    for (int i = 0; i < graph.getInputCount(); i++) {
      graph.setInput(i, half(graph.getInput(i)));
    }
    for (int i = 0; i < graph.getOutputCount(); i++) {
      graph.setOutput(i, half(graph.getOutput(i)));
    }
    return model.toBuilder().setGraph(graph).build();
  }

  private static boolean isScales(GraphProto.Builder graph, String name) {
    return graph.getNodeList().stream()
        .anyMatch(n -> n.getOpType().equals("Resize") && n.getInputList().indexOf(name) > 0);
  }

  private static NodeProto half(GraphProto.Builder graph, NodeProto node) {
    NodeProto.Builder copy = node.toBuilder();
    for (int i = 0; i < copy.getAttributeCount(); i++) {
      AttributeProto attribute = copy.getAttribute(i);
      if (attribute.hasT() && !isScales(graph, node.getOutput(0))) {
        copy.setAttribute(i, attribute.toBuilder().setT(half(attribute.getT())));
      } else if (node.getOpType().equals("Cast") && attribute.getI() == DataType.FLOAT_VALUE) {
        copy.setAttribute(i, attribute.toBuilder().setI(DataType.FLOAT16_VALUE));
      }
    }
    return copy.build();
  }

  private static ValueInfoProto half(ValueInfoProto value) {
    ValueInfoProto.Builder copy = value.toBuilder();
    copy.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT16_VALUE);
    return copy.build();
  }

  private static TensorProto half(TensorProto tensor) {
    if (tensor.getDataType() != DataType.FLOAT_VALUE) {
      return tensor;
    }
    int count =
        tensor.getRawData().isEmpty() ? tensor.getFloatDataCount() : tensor.getRawData().size() / 4;
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer half = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      half.putShort(
          bits(tensor.getRawData().isEmpty() ? tensor.getFloatData(i) : raw.getFloat(4 * i)));
    }
    return tensor.toBuilder()
        .setDataType(DataType.FLOAT16_VALUE)
        .clearFloatData()
        .setRawData(ByteString.copyFrom(half.array()))
        .build();
  }

  /** IEEE 754 binary16, rounded to nearest; overflow becomes infinity. */
  public static short bits(float value) {
    int sign = Float.floatToIntBits(value) >>> 16 & 0x8000;
    double magnitude = Math.abs((double) value);
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int exponent = Math.max(-14, Math.getExponent(magnitude));
    int mantissa = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
    return (short) (sign + ((exponent + 14) << 10) + mantissa);
  }
}
