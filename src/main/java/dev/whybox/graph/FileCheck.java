// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.UnreadableModel;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Checks what a model file says before anything uses it: where tensors lie, their types, sizes and
 * amounts of data, and the declared sizes. It looks at every tensor of the file, wherever it
 * stands: in the graph, in attributes, sub-graphs, functions or sparse tensors. An engine that got
 * the bytes of a file would else read external data from the working directory.
 */
final class FileCheck {
  private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);

  /** The values of an input or output, as many as a buffer of float32 holds. */
  private static final BigInteger MOST_DECLARED = BigInteger.valueOf(Integer.MAX_VALUE / 4);

  private final String name;

  private FileCheck(String name) {
    this.name = name;
  }

  /**
   * Checks a model.
   *
   * @param model the parsed file
   * @param name its name in messages
   * @throws ExternalData if values of a tensor lie in another file
   * @throws UnreadableModel if a type, a size or an amount of data is impossible
   */
  static void check(ModelProto model, String name) {
    FileCheck check = new FileCheck(name);
    check.walk(model);
    if (model.getGraph().getOutputCount() == 0) {
      throw check.damaged("the graph has no output");
    }
    for (List<ValueInfoProto> values :
        List.of(model.getGraph().getInputList(), model.getGraph().getOutputList())) {
      values.forEach(check::declared);
    }
  }

  /** Visits all messages of a message; protobuf limits how deep they nest. */
  private void walk(Message message) {
    if (message instanceof TensorProto tensor) {
      inside(tensor);
      type(tensor.getDataType(), "the tensor " + tensor.getName());
      amount(tensor);
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      if (field.getValue() instanceof List<?> list) {
        list.forEach(item -> walk((Message) item));
      } else {
        walk((Message) field.getValue());
      }
    }
  }

  private void inside(TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new ExternalData(
          name
              + ": the weights ("
              + tensor.getName()
              + " and maybe more) lie outside the file. A model in one file is needed; export it"
              + " again without external data (onnx.save_model(...,"
              + " save_as_external_data=False)).");
    }
  }

  private void type(int number, String what) {
    if (number == DataType.UNDEFINED_VALUE || DataType.forNumber(number) == null) {
      throw damaged(
          what
              + " has the element type "
              + number
              + ", but 1 to "
              + DataType.INT4_VALUE
              + " are known");
    }
  }

  /** The sizes must be possible, and the data as many as they say. */
  private void amount(TensorProto tensor) {
    BigInteger count = BigInteger.ONE;
    for (long size : tensor.getDimsList()) {
      if (size < 0) {
        throw damaged("the tensor " + tensor.getName() + " has a size of " + size);
      }
      count = count.multiply(BigInteger.valueOf(size));
    }
    if (count.compareTo(MOST) > 0) {
      throw damaged(
          "the tensor %s has the sizes %s, but at most %s values are possible"
              .formatted(tensor.getName(), tensor.getDimsList(), MOST));
    }
    boolean raw = !tensor.getRawData().isEmpty();
    long found = raw ? tensor.getRawData().size() : values(tensor);
    long needed = raw ? bytes(tensor, count.longValue()) : count.longValue();
    if (found >= 0 && found != needed) {
      throw damaged(
          "the tensor %s of the sizes %s must have %d %s, but %d are in the file"
              .formatted(
                  tensor.getName(), tensor.getDimsList(), needed, raw ? "bytes" : "values", found));
    }
  }

  private static long bytes(TensorProto tensor, long count) {
    return switch (DataType.forNumber(tensor.getDataType())) {
      case DOUBLE, INT64, UINT64, COMPLEX64 -> 8 * count;
      case COMPLEX128 -> 16 * count;
      case FLOAT, INT32, UINT32 -> 4 * count;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2 * count;
      case INT4, UINT4 -> (count + 1) / 2;
      default -> count;
    };
  }

  /** The number of values outside the raw data; −1 where several share an entry. */
  private static long values(TensorProto tensor) {
    return switch (DataType.forNumber(tensor.getDataType())) {
      case FLOAT -> tensor.getFloatDataCount();
      case COMPLEX64 -> tensor.getFloatDataCount() / 2;
      case DOUBLE -> tensor.getDoubleDataCount();
      case COMPLEX128 -> tensor.getDoubleDataCount() / 2;
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case STRING -> tensor.getStringDataCount();
      case INT4, UINT4 -> -1;
      default -> tensor.getInt32DataCount();
    };
  }

  private void declared(ValueInfoProto value) {
    if (value.getType().getValueCase() != TypeProto.ValueCase.TENSOR_TYPE) {
      return; // The layout's check names what an image is.
    }
    TypeProto.Tensor tensor = value.getType().getTensorType();
    if (DataType.forNumber(tensor.getElemType()) == null) {
      type(tensor.getElemType(), value.getName());
    }
    BigInteger count = BigInteger.ONE;
    for (Dimension size : tensor.getShape().getDimList()) {
      // Sizes of 0 and below are written for free ones.
      count = count.multiply(BigInteger.valueOf(Math.max(1, size.getDimValue())));
    }
    if (count.compareTo(MOST_DECLARED) > 0) {
      throw damaged(
          "%s has the sizes %s, but at most %s values are possible"
              .formatted(
                  value.getName(),
                  tensor.getShape().getDimList().stream()
                      .map(size -> size.hasDimValue() ? "" + size.getDimValue() : "free")
                      .toList(),
                  MOST_DECLARED));
    }
  }

  private UnreadableModel damaged(String what) {
    return new UnreadableModel(
        name
            + ": "
            + what
            + ". The file is damaged or was written wrongly; check that its copy is complete, or"
            + " export it again.",
        null);
  }
}
