// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;

/**
 * The attributes of a node by name, and a factory for attributes.
 *
 * @param node the node
 */
public record Attributes(NodeProto node) {

  private AttributeProto find(String name) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  /**
   * Whether the node has an attribute.
   *
   * @param name the attribute's name
   * @return true if the file sets it
   */
  public boolean has(String name) {
    return find(name) != null;
  }

  /**
   * An integer attribute.
   *
   * @param name the attribute's name
   * @param otherwise the default of the ONNX specification
   * @return its value, or the default
   */
  public long integer(String name, long otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getI();
  }

  /**
   * A floating-point attribute.
   *
   * @param name the attribute's name
   * @param otherwise the default of the ONNX specification
   * @return its value, or the default
   */
  public double real(String name, double otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getF();
  }

  /**
   * A list of integers.
   *
   * @param name the attribute's name
   * @return the list, or null if the node does not have it
   */
  public long[] integers(String name) {
    AttributeProto found = find(name);
    return found == null ? null : found.getIntsList().stream().mapToLong(i -> i).toArray();
  }

  /**
   * A text attribute.
   *
   * @param name the attribute's name
   * @param otherwise the default of the ONNX specification
   * @return its value, or the default
   */
  public String text(String name, String otherwise) {
    AttributeProto found = find(name);
    return found == null ? otherwise : found.getS().toStringUtf8();
  }

  /** The tensor of a Constant or ConstantOfShape node, or null. */
  TensorProto tensor(String name) {
    AttributeProto found = find(name);
    return found != null && found.hasT() ? found.getT() : null;
  }

  /**
   * Makes an integer attribute.
   *
   * @param name the attribute's name
   * @param value its value
   * @return the attribute
   */
  public static AttributeProto of(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  /**
   * Makes a floating-point attribute.
   *
   * @param name the attribute's name
   * @param value its value
   * @return the attribute
   */
  public static AttributeProto of(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /**
   * Makes a text attribute.
   *
   * @param name the attribute's name
   * @param value its value
   * @return the attribute
   */
  public static AttributeProto of(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /**
   * Makes an attribute with a list of integers.
   *
   * @param name the attribute's name
   * @param values its values
   * @return the attribute
   */
  public static AttributeProto of(String name, long[] values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }
}
