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
 * The values of a constant tensor. They are kept as doubles, which hold every number of the types
 * that models use. An int64 beyond 2⁵³ occurs only as "to the end" in Slice, and there rounding
 * does no harm.
 *
 * @param type the element type
 * @param shape the sizes
 * @param values the values in row-major order, as many as the product of the sizes
 */
public record TensorData(DataType type, long[] shape, double[] values) {
  /** Elements of the largest computed constant: those of the weights of a large model. */
  private static final int MAX_COMPUTED = 1 << 25;

  /**
   * Makes a tensor.
   *
   * @param type the element type
   * @param shape the sizes
   * @param values the values in row-major order
   * @return the tensor
   */
  public static TensorData of(DataType type, long[] shape, double... values) {
    return new TensorData(type, shape, values);
  }

  /**
   * Makes a vector of int64.
   *
   * @param values the values
   * @return a tensor of rank 1
   */
  public static TensorData longs(long... values) {
    return new TensorData(
        DataType.INT64,
        new long[] {values.length},
        Arrays.stream(values).asDoubleStream().toArray());
  }

  /**
   * Makes a scalar.
   *
   * @param type the element type
   * @param value its value
   * @return a tensor of rank 0
   */
  public static TensorData scalar(DataType type, double value) {
    return new TensorData(type, new long[0], new double[] {value});
  }

  /**
   * Makes a tensor of equal values.
   *
   * @param type the element type
   * @param shape the sizes
   * @param value the value of every element
   * @return the tensor
   */
  public static TensorData filled(DataType type, long[] shape, double value) {
    double[] values = new double[room(Dims.count(shape))];
    Arrays.fill(values, value);
    return new TensorData(type, shape, values);
  }

  /**
   * Reads a tensor of a file.
   *
   * @param tensor an initializer, or the value of a Constant node
   * @return its values
   * @throws ExternalData if they lie in another file
   * @throws UnsupportedGraph if their type is not numeric, or if there are too few values
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
        "A constant has the element type "
            + type
            + ", which is not known. Only numbers and"
            + " booleans are.");
  }

  /**
   * Converts the tensor for a file.
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

  /**
   * The values as whole numbers.
   *
   * @return a new array, cut towards zero
   */
  public long[] asLongs() {
    return Arrays.stream(values).mapToLong(v -> (long) v).toArray();
  }

  /**
   * Gives the values other sizes.
   *
   * @param sizes sizes with the same product
   * @return a tensor that shares the values
   */
  public TensorData reshaped(long... sizes) {
    return new TensorData(type, sizes, values);
  }

  /**
   * Checks the size of a constant that is to be computed: a few bytes of a file can ask for
   * gigabytes.
   *
   * @param count the number of elements
   * @return the same
   * @throws IllegalArgumentException if they are too many
   */
  static int room(long count) {
    if (count > MAX_COMPUTED) {
      throw new IllegalArgumentException(
          "a constant of " + count + " elements is too large; at most " + MAX_COMPUTED + " are");
    }
    return (int) count;
  }

  /** Copies the elements that strides and an offset select. */
  TensorData view(long[] sizes, long[] strides, long offset) {
    double[] result = new double[room(Dims.count(sizes))];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[(int) (offset + Dims.offset(i, sizes, strides))];
    }
    return new TensorData(type, sizes, result);
  }

  /**
   * Permutes the axes.
   *
   * @param order for each axis of the result, the axis of this tensor
   * @return a copy
   */
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
