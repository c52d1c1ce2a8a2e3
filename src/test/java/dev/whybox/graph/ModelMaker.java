// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Random;

/** Makes small models for tests. */
public final class ModelMaker {
  final int opset;
  public final DataType type;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final Random random = new Random(5);

  public ModelMaker(int opset, DataType type) {
    this.opset = opset;
    this.type = type;
  }

  private ValueInfoProto value(String name, long... shape) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    value.setType(
        TypeProto.newBuilder()
            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber())));
    return Simplification.sized(value.build(), shape);
  }

  public ModelMaker input(String name, long... shape) {
    graph.addInput(value(name, shape));
    return this;
  }

  public ModelMaker output(String name, long... shape) {
    graph.addOutput(value(name, shape));
    return this;
  }

  public String constant(TensorData value) {
    String name = "c" + graph.getInitializerCount();
    graph.addInitializer(value.toProto(name));
    return name;
  }

  public String longs(long... values) {
    return constant(TensorData.longs(values));
  }

  public String real(double value) {
    return constant(TensorData.scalar(type, value));
  }

  /** A constant of numbers in [−1, 1). */
  public String weights(long... shape) {
    return weightsFrom(-1, shape);
  }

  /** A constant of numbers in [low, low + 2). */
  public String weightsFrom(double low, long... shape) {
    double[] values = new double[(int) Dims.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + 2 * random.nextDouble());
    }
    return constant(TensorData.of(type, shape, values));
  }

  /** A node of one output. */
  public ModelMaker node(String op, String out, List<String> in, AttributeProto... attributes) {
    return node(op, List.of(out), in, attributes);
  }

  public ModelMaker node(
      String op, List<String> out, List<String> in, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(op + "_" + graph.getNodeCount())
            .addAllInput(in)
            .addAllOutput(out)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  public ModelProto build() {
    return ModelProto.newBuilder()
        .setIrVersion(opset < 19 ? 8 : 9)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }
}
