// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.UnreadableModel;
import dev.whybox.error.WhyboxException.UnsupportedOpset;
import dev.whybox.error.WhyboxException.UnwritableOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads ONNX files with the checks that any engine needs, and writes them. */
public final class OnnxFile {
  private static final int MIN_OPSET = 11;
  private static final int MAX_OPSET = 22;

  private OnnxFile() {}

  /**
   * Reads a model.
   *
   * @param bytes the whole file
   * @param name its name in messages
   * @return the model
   * @throws UnreadableModel if it is not an ONNX model, is cut off, or says something impossible of
   *     its tensors
   * @throws UnsupportedOpset if its operator set is not 11 to 22
   * @throws ExternalData if values of any tensor lie in other files
   */
  public static ModelProto read(byte[] bytes, String name) {
    ModelProto model = parse(bytes, name);
    checkOpset(model, name);
    FileCheck.check(model, name);
    return model;
  }

  /**
   * Writes a model. The file appears complete or not at all.
   *
   * @param model the model
   * @param path the file to create or replace
   * @throws UnwritableOutput if it cannot be written; an older file is then unchanged
   */
  public static void write(ModelProto model, Path path) {
    Path folder = path.toAbsolutePath().getParent();
    Path part = null;
    try {
      part = Files.createTempFile(folder, ".whybox", ".onnx");
      try (OutputStream out = Files.newOutputStream(part)) {
        model.writeTo(out);
      }
      Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        if (part != null) {
          Files.deleteIfExists(part);
        }
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw new UnwritableOutput(
          path
              + ": the model can't be written ("
              + e.getMessage()
              + "). Name a folder where you may write.",
          e);
    }
  }

  /**
   * The precision of a model: the type of most of its weights.
   *
   * @param model any model
   * @return {@code fp32}, {@code fp16}, {@code bf16} or {@code int8}; {@code mixed} for other types
   */
  public static String precision(ModelProto model) {
    Map<Integer, Long> counts = new HashMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      long count = tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
      counts.merge(tensor.getDataType(), count, Long::sum);
    }
    int most =
        counts.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(TensorProto.DataType.FLOAT_VALUE);
    return switch (most) {
      case TensorProto.DataType.FLOAT_VALUE -> "fp32";
      case TensorProto.DataType.FLOAT16_VALUE -> "fp16";
      case TensorProto.DataType.BFLOAT16_VALUE -> "bf16";
      case TensorProto.DataType.INT8_VALUE, TensorProto.DataType.UINT8_VALUE -> "int8";
      default -> "mixed";
    };
  }

  /** Whether a file stands for another one that Git has not fetched. */
  private static boolean isPointer(byte[] bytes) {
    byte[] start = "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static ModelProto parse(byte[] bytes, String name) {
    if (isPointer(bytes)) {
      throw new UnreadableModel(
          name + ": a Git LFS pointer, not the model itself. Fetch it with `git lfs pull`.", null);
    }
    ModelProto model;
    try {
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadableModel(
          name
              + ": not an ONNX model, or cut off ("
              + bytes.length
              + " bytes). Name an .onnx file, and check that its copy is complete.",
          e);
    }
    if (model.getGraph().getNodeCount() == 0) {
      throw new UnreadableModel(
          name
              + ": not an ONNX model: there is no graph in its "
              + bytes.length
              + " bytes. Name an .onnx file, such as `yolo export format=onnx` makes.",
          null);
    }
    return model;
  }

  private static void checkOpset(ModelProto model, String name) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        if (set.getVersion() < MIN_OPSET || set.getVersion() > MAX_OPSET) {
          throw new UnsupportedOpset(
              name
                  + ": operator set "
                  + MIN_OPSET
                  + " to "
                  + MAX_OPSET
                  + " is supported, found "
                  + set.getVersion()
                  + ". Export the model again with opset=17.");
        }
        return;
      }
    }
    throw new UnsupportedOpset(
        name + ": the model names no ONNX operator set. Export it again with opset=17.");
  }
}
