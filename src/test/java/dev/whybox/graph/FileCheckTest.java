// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import com.google.protobuf.ByteString;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.UnreadableModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCheckTest {

  private static ModelProto.Builder model() {
    return new ModelMaker(17, DataType.FLOAT)
            .input("images", 1, 3, 32, 32)
            .output("out", 1, 3, 32, 32)
            .node("Identity", "out", List.of("images"))
            .build()
            .toBuilder();
  }

  private static ModelProto read(ModelProto.Builder model) {
    return OnnxFile.read(model.build().toByteArray(), "test");
  }

  /** A tensor whose values are to be read from a file of the working directory. */
  private static TensorProto outside() {
    return TensorProto.newBuilder()
        .setName("stolen")
        .setDataType(DataType.UINT8_VALUE)
        .addDims(4)
        .setDataLocation(DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("pom.xml"))
        .build();
  }

  private static NodeProto node(AttributeProto.Builder attribute) {
    return NodeProto.newBuilder()
        .setOpType("Constant")
        .addOutput("secret")
        .addAttribute(attribute.setName("value"))
        .build();
  }

  private static NodeProto constant() {
    return node(AttributeProto.newBuilder().setType(AttributeType.TENSOR).setT(outside()));
  }

  @Test
  void externalDataIsRefusedWhereverItStands() {
    GraphProto inner = GraphProto.newBuilder().addNode(constant()).build();
    SparseTensorProto sparse = SparseTensorProto.newBuilder().setValues(outside()).build();
    List<ModelProto.Builder> all = new java.util.ArrayList<>();
    for (int i = 0; i < 9; i++) {
      all.add(model());
    }
    all.get(0).getGraphBuilder().addInitializer(outside());
    all.get(1).getGraphBuilder().addNode(constant());
    all.get(2).getGraphBuilder().addSparseInitializer(sparse);
    all.get(3)
        .getGraphBuilder()
        .addNode(node(AttributeProto.newBuilder().setType(AttributeType.GRAPH).setG(inner)));
    all.get(4)
        .getGraphBuilder()
        .addNode(node(AttributeProto.newBuilder().setType(AttributeType.GRAPHS).addGraphs(inner)));
    all.get(5)
        .getGraphBuilder()
        .addNode(
            node(AttributeProto.newBuilder().setType(AttributeType.TENSORS).addTensors(outside())));
    all.get(6)
        .getGraphBuilder()
        .addNode(
            node(
                AttributeProto.newBuilder()
                    .setType(AttributeType.SPARSE_TENSOR)
                    .setSparseTensor(sparse)));
    all.get(7).addFunctions(FunctionProto.newBuilder().setName("f").addNode(constant()));
    // An engine may go by the field that is set, whatever the attribute calls its type.
    all.get(8)
        .getGraphBuilder()
        .addNode(node(AttributeProto.newBuilder().setType(AttributeType.INT).setT(outside())));
    for (int i = 0; i < all.size(); i++) {
      ModelProto.Builder one = all.get(i);
      ExternalData error = assertThrows(ExternalData.class, () -> read(one), "place " + i);
      assertTrue(error.getMessage().contains("stolen"), error.getMessage());
    }
  }

  private static TensorProto.Builder four() {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(DataType.FLOAT_VALUE)
        .addDims(4)
        .setRawData(ByteString.copyFrom(new byte[16]));
  }

  private static void assertRefused(TensorProto.Builder tensor, String reason) {
    ModelProto.Builder model = model();
    model.getGraphBuilder().addInitializer(tensor);
    UnreadableModel error = assertThrows(UnreadableModel.class, () -> read(model));
    assertTrue(error.getMessage().contains(reason), error.getMessage());
    ModelProto.Builder other = model();
    other
        .getGraphBuilder()
        .addNode(node(AttributeProto.newBuilder().setType(AttributeType.TENSOR).setT(tensor)));
    assertThrows(UnreadableModel.class, () -> read(other));
  }

  @Test
  void whatATensorSaysOfItselfMustBePossible() {
    assertRefused(four().setDataType(77), "element type 77");
    assertRefused(four().setDataType(0), "element type 0");
    assertRefused(four().setDims(0, -4), "size of -4");
    assertRefused(four().setDims(0, 1L << 40), "at most 2147483647 values");
    assertRefused(four().addDims(1L << 33).addDims(1L << 33), "at most 2147483647 values");
    assertRefused(four().setDims(0, 5), "must have 20 bytes, but 16 are");
    assertRefused(four().clearRawData().addFloatData(1), "must have 4 values, but 1 are");
    assertRefused(four().clearRawData(), "must have 4 values, but 0 are");
    assertRefused(four().setDataType(DataType.INT64_VALUE), "must have 32 bytes");
  }

  @Test
  void tensorsOfAllKindsAreAccepted() {
    ModelProto.Builder model = model();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.addInitializer(four());
    graph.addInitializer(four().clearDims().addDims(2).addDims(0).clearRawData());
    graph.addInitializer(
        four()
            .clearDims()
            .setDataType(DataType.DOUBLE_VALUE)
            .clearRawData()
            .addDoubleData(2)); // a scalar
    graph.addInitializer(four().setDims(0, 8).setDataType(DataType.FLOAT16_VALUE));
    graph.addInitializer(four().setDims(0, 31).setDataType(DataType.INT4_VALUE));
    graph.addInitializer(
        four()
            .setDataType(DataType.STRING_VALUE)
            .setDims(0, 1)
            .clearRawData()
            .addStringData(ByteString.copyFromUtf8("a")));
    assertEquals(6, read(model).getGraph().getInitializerCount());
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 40, Long.MAX_VALUE, 1 << 30})
  void declaredSizesMustFitIntoABuffer(long size) {
    ModelProto.Builder input = model();
    input
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .setDim(2, Dimension.newBuilder().setDimValue(size));
    UnreadableModel error = assertThrows(UnreadableModel.class, () -> read(input));
    assertTrue(error.getMessage().contains(String.valueOf(size)), error.getMessage());
  }

  @Test
  void declaredTypesMustBeKnown() {
    ModelProto.Builder model = model();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(77);
    assertThrows(UnreadableModel.class, () -> read(model));
    ModelProto.Builder none = model();
    none.getGraphBuilder().clearOutput();
    assertThrows(UnreadableModel.class, () -> read(none));
  }
}
