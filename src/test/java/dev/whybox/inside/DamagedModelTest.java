// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.whybox.Samples;
import dev.whybox.SharedFiles;
import dev.whybox.error.WhyboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file says, the answer is a result or an error that names the file's fault. */
class DamagedModelTest {
  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    2,
    3,
    7,
    77,
    255,
    1 << 20,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final String[] TEXTS = {
    "",
    "Conv",
    "MatMul",
    "Gemm",
    "Add",
    "Concat",
    "Split",
    "Slice",
    "Reshape",
    "Resize",
    "Softmax",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Expand",
    "Tile",
    "Pad",
    "MaxPool",
    "ConstantOfShape",
    "Cast",
    "Where",
    "Range",
    "Gather",
    "ReduceMax",
    "ReduceSum",
    "Flatten",
    "ConvTranspose",
    "images",
    "axis",
    "perm",
    "[0, 0]",
    "classify",
    "{0: 'x'}",
    "[99999999999]",
    "-5"
  };

  /** Places in a message that a change can reach, with the way to them. */
  private static void places(Message message, List<Object> way, List<List<Object>> found) {
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (entry.getValue() instanceof List<?> list) {
        for (int i = 0; i < Math.min(list.size(), 400); i++) {
          List<Object> here = new ArrayList<>(way);
          here.addAll(List.of(field, i));
          found.add(here);
          if (list.get(i) instanceof Message inner) {
            places(inner, here, found);
          }
        }
      } else {
        List<Object> here = new ArrayList<>(way);
        here.addAll(List.of(field, -1));
        found.add(here);
        if (entry.getValue() instanceof Message inner) {
          places(inner, here, found);
        }
      }
    }
  }

  private static void change(Message.Builder message, List<Object> way, Random random) {
    FieldDescriptor field = (FieldDescriptor) way.get(0);
    int index = (int) way.get(1);
    if (way.size() > 2) {
      Message.Builder inner =
          index < 0
              ? message.getFieldBuilder(field)
              : message.getRepeatedFieldBuilder(field, index);
      change(inner, way.subList(2, way.size()), random);
      return;
    }
    Object value =
        switch (field.getJavaType()) {
          case INT -> (int) NUMBERS[random.nextInt(NUMBERS.length)];
          case LONG -> NUMBERS[random.nextInt(NUMBERS.length)];
          case FLOAT -> Float.NaN;
          case DOUBLE -> Double.NaN;
          case STRING -> TEXTS[random.nextInt(TEXTS.length)];
          case BYTE_STRING -> ByteString.copyFromUtf8(TEXTS[random.nextInt(TEXTS.length)]);
          default -> null;
        };
    if (index < 0) {
      if (value == null) {
        message.clearField(field);
      } else {
        message.setField(field, value);
      }
    } else if (value != null && random.nextInt(3) > 0) {
      message.setRepeatedField(field, index, value);
    } else {
      List<Object> kept = new ArrayList<>();
      for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
        if (i != index) {
          kept.add(message.getRepeatedField(field, i));
        }
      }
      message.setField(field, kept);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anyChangeGivesAResultOrANamedFault(int part) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL));
    List<List<Object>> places = new ArrayList<>();
    places(model, List.of(), places);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      Random random = new Random(100L * part + i);
      ModelProto.Builder damaged = model.toBuilder();
      List<Object> way = places.get(random.nextInt(places.size()));
      change(damaged, way, random);
      byte[] bytes = damaged.build().toByteArray();
      try {
        Inspection.of(bytes, "damaged", "0".repeat(64), 0);
      } catch (WhyboxException e) {
        refused++;
        assertTrue(e.getMessage().length() > 20, e.getMessage());
      } catch (RuntimeException | Error e) {
        fail("part " + part + ", change " + i + " at " + names(way), e);
      }
    }
    assertTrue(refused > 5, "of 100 changes some must matter, but " + refused + " did");
  }

  private static String names(List<Object> way) {
    return Arrays.toString(
        way.stream()
            .map(step -> step instanceof FieldDescriptor field ? field.getName() : step)
            .toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"elem-type-77", "input-2e40", "long-class-name"})
  void filesOfAFewBytes(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedFiles.require("cases/" + name + ".onnx").path());
    try {
      Inspection.of(bytes, name, "0".repeat(64), 0);
    } catch (WhyboxException e) {
      assertTrue(e.getMessage().startsWith(name), e.getMessage());
    }
  }
}
