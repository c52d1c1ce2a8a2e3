// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A constant tensor's values. A double holds every number of the types that models use, so one
 * array serves them all (an int64 beyond 2⁵³ is only met as "to the end" in Slice, and saturates
 * back to itself).
 *
 * @param type the element type
 * @param shape the sizes
 * @param values row-major, as many as the sizes multiply to
 */
public record TensorData(DataType type, long[] shape, double[] values) {

  public static TensorData of(DataType type, long[] shape, double... values) {
    return new TensorData(type, shape, values);
  }

  public static TensorData longs(long... values) {
    return new TensorData(
        DataType.INT64,
        new long[] {values.length},
        Arrays.stream(values).asDoubleStream().toArray());
  }

  public static TensorData scalar(DataType type, double value) {
    return new TensorData(type, new long[0], new double[] {value});
  }

  public static TensorData filled(DataType type, long[] shape, double value) {
    double[] values = new double[Math.toIntExact(Dims.count(shape))];
    Arrays.fill(values, value);
    return new TensorData(type, shape, values);
  }

  /**
   * Reads a tensor of a file.
   *
   * @param tensor an initializer or a Constant's value
   * @return its values
   * @throws ExternalData where they lie in another file
   * @throws UnsupportedGraph where their type is not a number's, or there are too few
   */
  public static TensorData of(TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new ExternalData(
          "The values of the tensor "
              + tensor.getName()
              + " lie outside the model's file. A model in one file is needed; export it again"
              + " without external data.");
    }
    long[] shape = tensor.getDimsList().stream().mapToLong(d -> d).toArray();
    int count = Math.toIntExact(Dims.count(shape));
    DataType type = DataType.forNumber(tensor.getDataType());
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    boolean inRaw = !tensor.getRawData().isEmpty();
    double[] values = new double[count];
    try {
      for (int i = 0; i < count; i++) {
        values[i] = inRaw ? fromRaw(raw, type, i) : fromField(tensor, type, i);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new UnsupportedGraph(
          "The tensor "
              + tensor.getName()
              + " should have "
              + count
              + " values, but fewer are in the file. Check that its copy is complete.");
    }
    return new TensorData(type, shape, values);
  }

  private static double fromRaw(ByteBuffer raw, DataType type, int i) {
    return switch (type) {
      case FLOAT -> raw.getFloat(4 * i);
      case DOUBLE -> raw.getDouble(8 * i);
      case FLOAT16 -> Half.value(raw.getShort(2 * i));
      case BFLOAT16 -> Float.intBitsToFloat(raw.getShort(2 * i) << 16);
      case INT64 -> raw.getLong(8 * i);
      case INT32 -> raw.getInt(4 * i);
      case INT16 -> raw.getShort(2 * i);
      case INT8 -> raw.get(i);
      case UINT8, BOOL -> raw.get(i) & 0xff;
      default -> throw unknown(type);
    };
  }

  private static double fromField(TensorProto tensor, DataType type, int i) {
    return switch (type) {
      case FLOAT -> tensor.getFloatData(i);
      case DOUBLE -> tensor.getDoubleData(i);
      case INT64 -> tensor.getInt64Data(i);
      case FLOAT16 -> Half.value((short) tensor.getInt32Data(i));
      case BFLOAT16 -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
      case INT32, INT16, INT8, UINT8, BOOL -> tensor.getInt32Data(i);
      default -> throw unknown(type);
    };
  }

  private static UnsupportedGraph unknown(DataType type) {
    return new UnsupportedGraph(
        "A constant of element type " + type + " is not known; numbers and booleans are.");
  }

  /**
   * Writes the tensor.
   *
   * @param name its name in the graph
   * @return an initializer
   */
  public TensorProto toProto(String name) {
    int size =
        switch (type) {
          case DOUBLE, INT64 -> 8;
          case FLOAT, INT32 -> 4;
          case FLOAT16, INT16 -> 2;
          case INT8, UINT8, BOOL -> 1;
          default -> throw unknown(type);
        };
    ByteBuffer raw = ByteBuffer.allocate(size * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (type) {
        case DOUBLE -> raw.putDouble(value);
        case FLOAT -> raw.putFloat((float) value);
        case FLOAT16 -> raw.putShort(Half.bits(value));
        case INT64 -> raw.putLong((long) value);
        case INT32 -> raw.putInt((int) value);
        case INT16 -> raw.putShort((short) value);
        default -> raw.put((byte) value);
      }
    }
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(Arrays.stream(shape).boxed().toList())
        .setRawData(ByteString.copyFrom(raw.array()))
        .build();
  }

  public long[] asLongs() {
    return Arrays.stream(values).mapToLong(v -> (long) v).toArray();
  }

  /** The same values under other sizes. */
  public TensorData reshaped(long... sizes) {
    return new TensorData(type, sizes, values);
  }

  /** A view by strides, copied. */
  TensorData view(long[] sizes, long[] strides, long offset) {
    double[] result = new double[Math.toIntExact(Dims.count(sizes))];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[(int) (offset + Dims.offset(i, sizes, strides))];
    }
    return new TensorData(type, sizes, result);
  }

  public TensorData transposed(int... order) {
    long[] own = Dims.strides(shape);
    return view(
        Arrays.stream(order).mapToLong(a -> shape[a]).toArray(),
        Arrays.stream(order).mapToLong(a -> own[a]).toArray(),
        0);
  }

  TensorData expanded(long[] sizes) {
    return view(sizes, Dims.stridesAs(shape, sizes), 0);
  }

  boolean sameAs(TensorData other) {
    return type == other.type
        && Arrays.equals(shape, other.shape)
        && Arrays.equals(values, other.values);
  }
}
