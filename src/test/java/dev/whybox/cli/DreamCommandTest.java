// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.whybox.Options;
import dev.whybox.Samples;
import dev.whybox.Whybox;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import dev.whybox.graph.OnnxFile;
import dev.whybox.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code whybox dream}, at 96 × 96 pixels and in few steps. */
@Tag("slow")
class DreamCommandTest {
  @TempDir Path folder;

  private Run dream(String words, Object... more) {
    Stream<Object> size = words.contains("--size") ? Stream.of() : Stream.of("--size", 96);
    Stream<Object> all =
        Stream.concat(
            Stream.concat(Stream.of("dream", "--out", folder.resolve("out")), size),
            Stream.concat(Stream.of((Object[]) words.split(" ")), Stream.of(more)));
    return Run.of(all.toArray());
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out").resolve(name).toFile());
  }

  @Test
  void aClassGivesPicturesASheetAndJson() throws IOException, NoSuchAlgorithmException {
    Run run = dream("--class BIRD --steps 6 --every 2 --seed 7 --learning-rate 0.1").assertOk();
    assertEquals(
        List.of(
            "dream.class.bird.json",
            "dream.class.bird.png",
            "dream.class.bird.sheet.png",
            "dream.class.bird.step2.png",
            "dream.class.bird.step4.png",
            "dream.class.bird.step6.png"),
        Run.names(folder.resolve("out")));
    JsonNode root = json("dream.class.bird.json");
    assertEquals("whybox-dream/1", root.get("schema").asText());
    assertEquals("class", root.at("/target/kind").asText());
    assertEquals("bird", root.at("/target/name").asText());
    assertEquals(1, root.at("/target/tensors").size(), "all logits lie in one tensor");
    assertEquals("[1,3,96,96]", root.at("/model/input").toString());
    assertEquals("logit", root.get("unit").asText());
    assertEquals(7, root.get("seed").asLong());
    assertEquals(6, root.get("steps").asInt());
    assertEquals("samples", root.get("stop").asText());
    assertEquals(0.1, root.at("/parameters/rate").asDouble());
    assertEquals(6, root.get("curve").size());
    assertTrue(root.get("after").asDouble() > root.get("before").asDouble() + 1, root.toString());
    assertEquals("cpu", root.at("/engine/device").asText());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(Samples.MODEL));
    assertEquals(HexFormat.of().formatHex(digest), root.at("/model/sha256").asText());
    assertEquals("dream.class.bird.png", root.get("picture").asText());
    assertEquals("dream.class.bird.sheet.png", root.at("/sheets/0").asText());
    assertEquals(3, root.get("pictures").size());
    assertEquals(4, root.at("/pictures/1/step").asInt());
    Image last = Image.read(folder.resolve("out/dream.class.bird.png"));
    assertEquals(96, last.width());
    Image sixth = Image.read(folder.resolve("out").resolve(root.at("/pictures/2/file").asText()));
    assertArrayEquals(last.rgb(), sixth.rgb(), "the last picture is that after the last step");
    assertEquals(1442, Image.read(folder.resolve("out/dream.class.bird.sheet.png")).width());
    assertTrue(run.out().startsWith("class:bird  logit "), run.out());
    assertTrue(run.err().startsWith("class:bird ..."), run.err());
    assertTrue(run.err().contains("class:bird: 6 steps in "), run.err());
  }

  @Test
  void theValueIsThatOfThePictureThatWasWritten() throws IOException {
    dream("--class coin --steps 3 --fields 1").assertOk();
    JsonNode root = json("dream.class.coin.json");
    Image picture = Image.read(folder.resolve("out/dream.class.coin.png"));
    try (Whybox whybox = Whybox.open(Samples.MODEL, Options.DEFAULT.withSize(96))) {
      // The value is the mean of the 8 highest logits, so the highest score says at least as much.
      double best =
          whybox.detect(picture, 0).stream()
              .filter(found -> found.classId() == 5)
              .mapToDouble(found -> Math.log(found.score() / (1 - found.score())))
              .max()
              .orElse(Double.NEGATIVE_INFINITY);
      assertTrue(best >= root.get("after").asDouble() - 1e-3, best + " of " + root);
      assertEquals("class:coin", new DreamTarget.OfClass(5).label(whybox.model().names()));
    }
  }

  @Test
  void theSameSeedGivesTheSameFileAndAnotherSeedAnotherOne() throws IOException {
    Path picture = folder.resolve("out/dream.channel.model.4.5.png");
    dream("--layer model.4 --channel 5 --steps 3 --seed 1").assertOk();
    byte[] first = Files.readAllBytes(picture);
    dream("--layer model.4 --channel 5 --steps 3 --seed 1").assertOk();
    assertArrayEquals(first, Files.readAllBytes(picture));
    dream("--layer model.4 --channel 5 --steps 3 --seed 2").assertOk();
    assertFalse(Arrays.equals(first, Files.readAllBytes(picture)));
  }

  @Test
  void aNeuronIsNamedByItsColumnAndRow() throws IOException {
    Run run = dream("--layer model.4 --channel 5 --at 7,3 --steps 2").assertOk();
    JsonNode target = json("dream.neuron.model.4.5.7-3.json").get("target");
    assertEquals("neuron", target.get("kind").asText());
    assertEquals(7, target.get("column").asInt());
    assertEquals(3, target.get("row").asInt());
    assertTrue(run.out().startsWith("neuron:model.4:5:7,3  pre-activation "), run.out());
    String tensor = target.at("/tensors/0").asText();
    assertEquals("SiLU", target.get("readBy").asText());
    assertTrue(tensor.startsWith("/model.4/cv2/conv/"), tensor);
    assertTrue(run.err().contains("was read from " + tensor + ", read by SiLU"), run.err());
  }

  @Test
  void aDetectionIsFoundInItsBox() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Image scene = Image.read(image);
    String box =
        "%d,%d,%d,%d,mammal"
            .formatted(
                scene.width() / 4,
                scene.height() / 4,
                3 * scene.width() / 4,
                3 * scene.height() / 4);
    Run run = dream("--size 128 --steps 64 --image", image, "--target", box).assertOk();
    String name =
        Run.names(folder.resolve("out")).stream()
            .filter(n -> n.endsWith(".json"))
            .findFirst()
            .get();
    JsonNode root = json(name);
    assertEquals("detection", root.at("/target/kind").asText());
    assertEquals(1, root.at("/target/class").asInt());
    assertTrue(root.at("/found/score").asDouble() > 0.25, root.get("found").toString());
    assertTrue(root.at("/found/iou").asDouble() > 0.6, root.get("found").toString());
    assertTrue(run.out().contains("found in the picture: mammal "), run.out());
  }

  @Test
  void badDetectionsAreRefused() throws IOException {
    Path image = Run.sample("meadow.jpg");
    dream("--image", image, "--target", "1,1,50,50,unicorn")
        .assertFailsInOneLine(ExitCode.TARGET, "unicorn");
    dream("--image", image, "--target", "9000,1,9050,50,bird")
        .assertFailsInOneLine(ExitCode.TARGET, "covers nothing");
    dream("--conf 0.999 --image", image, "--target", "best")
        .assertFailsInOneLine(ExitCode.NOTHING, "--conf 0.999");
    dream("--conf 0.01 --image", image, "--target", "299")
        .assertFailsInOneLine(ExitCode.TARGET, "299");
    assertFalse(Files.exists(folder.resolve("out")), "nothing was written");
  }

  @Test
  void aDeadlineGivesThePictureSoFar() throws IOException {
    Run run = dream("--class sign --steps 100000 --deadline 4s").assertOk();
    JsonNode root = json("dream.class.sign.json");
    assertEquals("deadline", root.get("stop").asText());
    assertTrue(root.get("seconds").asDouble() < 6, root.toString());
    assertEquals(root.get("steps").asInt(), root.get("curve").size());
    assertTrue(run.out().contains("partial: deadline"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | --class unicorn | 'unicorn'",
        "6 | --class 6 | 0 to 5",
        "2 | --layer model.99 --channel 0 | model.99",
        "2 | --layer output0 --channel 0 | no map",
        "2 | --layer model.15 --channel 64 | 0 to 63",
        "2 | --layer model.15 --channel -1 | 0 to 63",
        "2 | --layer model.15 --channel 0 --at 12,0 | column 12: they go from 0 to 11",
        "2 | --layer model.15 --channel 0 --at 0,12 | row 12: they go from 0 to 11",
        "2 | --class bird --steps 0 | --steps must be 1 to",
        "2 | --class bird --steps -5 | is -5",
        "2 | --class bird --steps 100001 | is 100001",
        "2 | --class bird --steps 8 --every 0 | --every must be 1 to the 8",
        "2 | --class bird --steps 8 --every 9 | is 9",
        "2 | --class bird --steps 2002 --every 2 | 1001 pictures; at most 1000",
        "2 | --class bird --learning-rate 0 | above 0 to 1",
        "2 | --class bird --learning-rate NaN | is NaN",
        "2 | --class bird --fields 0 | 1 to 64, but is 0",
        "2 | --class bird --size 100 | multiple of 32",
        "3 | --image none.jpg --target best | none.jpg",
        "4 | --class bird --model none.onnx | no such file",
      })
  void whatIsWrongIsSaidInOneLine(int code, String words, String message) throws IOException {
    Run run = dream(words);
    assertEquals(code, run.code(), run.toString());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("whybox: ") && run.err().contains(message), run.err());
    assertEquals("", run.out());
    assertFalse(Files.exists(folder.resolve("out")), "nothing was written");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps 3 | Name what to excite",
        "--layer model.15 | Name what to excite",
        "--channel 3 | Name what to excite",
        "--at 3,4 | Name what to excite",
        "--class bird --layer model.15 --channel 3 | three kinds of target",
        "--layer model.15 --channel 3 --at 3 | two whole numbers",
        "--layer model.15 --channel 3 --at -1,2 | two whole numbers",
        "--layer model.15 --channel x | whole number",
        "--class bird --steps many | whole number",
        "--class bird --learning-rate fast | must be a number",
        "--class bird --deadline 5 | 500ms",
        "--image x.jpg | Name what to excite",
        "--target best | Name what to excite",
        "--class bird --image x.jpg --target best | three kinds of target",
        "--image x.jpg --target all | Choose best or a number",
        "--image x.jpg --target worst | a target is",
        "--layer model.4 --channel 3 --fields 2 | --fields is for --class",
        "--class bird image.jpg | image.jpg",
      })
  void wrongWordsPointToTheHelp(String words, String message) {
    Run run = dream(words);
    run.assertFails(ExitCode.USAGE, "whybox: ", message, "Try 'whybox dream --help'");
    assertEquals("", run.out());
  }

  @Test
  void aFolderThatCannotBeWrittenToIsFoundBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "x");
    Run.of("dream", "--class", "bird", "--steps", 100000, "--out", file)
        .assertFailsInOneLine(ExitCode.OUTPUT, "taken is a file");
  }

  /** A model whose weights are not numbers fails at the first step, when the folder is there. */
  @Test
  void aRunThatFailsLeavesNoFolder() throws IOException {
    ModelProto.Builder model =
        OnnxFile.read(Files.readAllBytes(Samples.MODEL), "the bundled model").toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE && tensor.getDimsCount() == 4) {
        byte[] raw = new byte[tensor.getRawData().size()];
        Arrays.fill(raw, (byte) 0xff);
        tensor.setRawData(ByteString.copyFrom(raw));
      }
    }
    Path file = Files.write(folder.resolve("nan.onnx"), model.build().toByteArray());
    Run run = dream("--class bird --steps 2", "--model", file);
    assertEquals(ExitCode.ENGINE.code(), run.code(), run.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void theHelpNamesTheDefaults() {
    String help = Run.of("dream", "--help").assertOk().out();
    GradientAscent method = GradientAscent.DEFAULT;
    assertTrue(help.contains("Default: " + method.rate() + "."), help);
    assertTrue(help.contains("Default: " + method.fields() + "."), help);
    assertTrue(help.contains("Default: " + GradientAscent.DEFAULT_STEPS + "."), help);
  }

  @Test
  void namesOfFilesHaveNoSignsThatFoldersMind() {
    assertEquals("class.traffic_light", DreamFiles.plain("class:traffic light"));
    assertEquals("class._._etc", DreamFiles.plain("class:/../etc"));
    assertEquals("neuron._model.4_Mul.5.7-3", DreamFiles.plain("neuron:/model.4/Mul:5:7,3"));
  }
}
