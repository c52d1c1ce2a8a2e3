// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;

/** A node's attributes by name, and how to make them. */
public record Attributes(NodeProto node) {

  private AttributeProto find(String name) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  public boolean has(String name) {
    return find(name) != null;
  }

  public long integer(String name, long otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getI();
  }

  public double real(String name, double otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getF();
  }

  /** The list, or null where there is none. */
  public long[] integers(String name) {
    AttributeProto found = find(name);
    return found == null ? null : found.getIntsList().stream().mapToLong(i -> i).toArray();
  }

  public String text(String name, String otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getS().toStringUtf8();
  }

  /** The tensor of a Constant or ConstantOfShape node, or null. */
  TensorProto tensor(String name) {
    AttributeProto found = find(name);
    return found != null && found.hasT() ? found.getT() : null;
  }

  public static AttributeProto of(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  public static AttributeProto of(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto of(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static AttributeProto of(String name, long[] values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }
}
