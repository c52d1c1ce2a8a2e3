// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.whybox.Samples;
import dev.whybox.image.Image;
import dev.whybox.render.Png;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error gives one line and the documented exit code, and leaves no half-written files. */
class BadInputTest {
  @TempDir static Path inputs;
  @TempDir Path folder;

  @BeforeAll
  static void make() throws IOException {
    byte[] photo = Files.readAllBytes(Run.sample("meadow.jpg"));
    Files.write(inputs.resolve("good.jpg"), photo);
    Files.write(inputs.resolve("cut.jpg"), Arrays.copyOf(photo, photo.length / 2));
    Files.writeString(inputs.resolve("text.jpg"), "This is a text, no image.");
    Files.write(inputs.resolve("bomb.png"), bomb());
    Files.write(inputs.resolve("dot.png"), Png.encode(Image.ofRgb(1, 1, new byte[3])));
    Files.write(inputs.resolve("line.png"), Png.encode(Image.ofRgb(1, 4000, new byte[12_000])));
    byte[] bytes = Files.readAllBytes(Samples.MODEL);
    Files.write(inputs.resolve("cut.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
    ModelProto model = ModelProto.parseFrom(bytes);
    ModelProto.Builder external = model.toBuilder();
    external
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    Files.write(inputs.resolve("external.onnx"), external.build().toByteArray());
    ModelProto.Builder other = model.toBuilder().clearMetadataProps();
    other.addMetadataProps(StringStringEntryProto.newBuilder().setKey("task").setValue("classify"));
    Files.write(inputs.resolve("other.onnx"), other.build().toByteArray());
    Files.write(inputs.resolve("nan.onnx"), notANumber(model).toByteArray());
  }

  /** A PNG whose header promises 30,000 × 30,000 pixels, and which has none. */
  private static byte[] bomb() {
    byte[] header =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(30_000)
            .putInt(30_000)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 check = new CRC32();
    check.update(header);
    byte[] end = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82};
    return ByteBuffer.allocate(8 + 4 + 17 + 4 + 12)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
        .putInt(13)
        .put(header)
        .putInt((int) check.getValue())
        .put(end)
        .array();
  }

  private static ModelProto notANumber(ModelProto model) {
    ModelProto.Builder copy = model.toBuilder();
    for (TensorProto.Builder tensor : copy.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataType() == DataType.FLOAT_VALUE && tensor.getDimsCount() == 4) {
        byte[] raw = tensor.getRawData().toByteArray();
        for (int i = 0; i + 3 < raw.length; i += 4) {
          raw[i + 2] = (byte) 0xc0;
          raw[i + 3] = (byte) 0x7f;
        }
        tensor.setRawData(ByteString.copyFrom(raw));
      }
    }
    return copy.build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | text.jpg",
        "3 | cut.jpg",
        "3 | bomb.png",
        "3 | none.jpg",
        "4 | good.jpg --model text.jpg",
        "4 | good.jpg --model cut.onnx",
        "4 | good.jpg --model external.onnx",
        "4 | good.jpg --model other.onnx",
        "8 | good.jpg --model nan.onnx",
        "5 | good.jpg --conf 0.999",
        "6 | good.jpg -t 10,10,90,90,zebra",
        "6 | good.jpg -t 700,10,750,90,bird",
        "2 | good.jpg -t best --conf 0.01 --samples 0",
        "2 | good.jpg -t best --conf 0.01 --samples -3",
        "2 | good.jpg -t best --conf 0.01 --deadline 1ms",
        "7 | good.jpg -t best --conf 0.01 --samples 9 -o text.jpg/below",
        "0 | dot.png -t 0,0,1,1,bird --samples 8",
        "0 | line.png -t 0,5,1,900,bird --samples 8",
      })
  void oneLineAndTheDocumentedCode(int code, String line) throws IOException {
    Run run = run(line);
    assertEquals(code, run.code(), run.toString());
    List<String> errors =
        run.err()
            .lines()
            .filter(l -> l.startsWith("whybox: ") && !l.startsWith("whybox: warning: "))
            .toList();
    assertEquals(code == 0 ? 0 : 1, errors.size(), run.err());
    assertTrue(!run.err().contains("\tat "), run.err());
    if (code != 0) {
      // Apart from the error there is at most the line with which the work begins.
      long others = run.err().lines().filter(l -> !l.startsWith("shap, 1 target")).count();
      assertEquals(1, others, run.err());
      Path out = folder.resolve("out");
      assertTrue(!Files.exists(out) || Run.names(out).isEmpty(), run.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"3, good.jpg text.jpg --conf 0.999", "3, text.jpg good.jpg --conf 0.999"})
  void mostSeriousFailureDecidesInAnyOrder(int code, String line) {
    Run run = run(line);
    assertEquals(code, run.code(), run.toString());
    assertEquals(2, run.err().lines().count(), run.err());
  }

  private Run run(String line) {
    boolean elsewhere = line.contains("-o ");
    String all = "explain " + line + (elsewhere ? "" : " -o " + folder.resolve("out"));
    Object[] words =
        Arrays.stream(all.split(" "))
            .map(word -> word.matches("[a-z]+\\.(jpg|png|onnx).*") ? inputs.resolve(word) : word)
            .toArray();
    return Run.of(words);
  }
}
