// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;

/**
 * The known facts about a tensor at given input sizes: type, sizes and, for a constant, its values.
 */
final class Known {
  private final DataType type;
  private final long[] shape;
  private final TensorProto source;
  private TensorData value;

  private Known(DataType type, long[] shape, TensorProto source, TensorData value) {
    this.type = type;
    this.shape = shape;
    this.source = source;
    this.value = value;
  }

  static Known sized(DataType type, long... shape) {
    return new Known(type, shape, null, null);
  }

  static Known constant(TensorData value) {
    return new Known(value.type(), value.shape(), null, value);
  }

  /** A weight. Its values are read only when they are needed, which is rare. */
  static Known constant(TensorProto tensor) {
    long[] shape = tensor.getDimsList().stream().mapToLong(d -> d).toArray();
    return new Known(type(tensor.getDataType()), shape, tensor, null);
  }

  /**
   * The element type of a number in the file.
   *
   * @throws IllegalArgumentException if there is none
   */
  static DataType type(long number) {
    DataType type = number == (int) number ? DataType.forNumber((int) number) : null;
    if (type == null) {
      throw new IllegalArgumentException("there is no element type " + number);
    }
    return type;
  }

  DataType type() {
    return type;
  }

  long[] shape() {
    return shape;
  }

  boolean isConstant() {
    return source != null || value != null;
  }

  TensorData value() {
    if (value == null && source != null) {
      value = TensorData.of(source);
    }
    return value;
  }

  /** Whether two inferences at different batch sizes give the same constant. */
  boolean sameConstant(Known other) {
    return isConstant()
        && other.isConstant()
        && (source != null && source == other.source
            || Arrays.equals(shape, other.shape) && value().sameAs(other.value()));
  }
}
