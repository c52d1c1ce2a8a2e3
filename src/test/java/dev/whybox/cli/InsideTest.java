// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.Samples;
import dev.whybox.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect}, {@code features} and {@code activations}. */
class InsideTest {
  @TempDir Path folder;

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void inspectPrintsATableAndWritesTheSameAsJson() throws IOException {
    Path file = folder.resolve("m.json");
    Run run = Run.of("inspect", Samples.MODEL, "--json", file).assertOk();
    assertEquals("", run.err());
    JsonNode root = json(file);
    assertEquals("whybox-inspection/1", root.get("schema").asText());
    assertEquals(23, root.get("layers").size());
    long parameters = root.at("/model/parameters").asLong();
    assertTrue(run.out().contains("%,d".formatted(parameters)), run.out());
    for (JsonNode layer : root.get("layers")) {
      String line =
          run.out()
              .lines()
              .filter(l -> l.matches(layer.get("name").asText() + "\\*? .*"))
              .findFirst()
              .orElseThrow();
      assertTrue(line.contains(layer.get("type").asText()), line);
      assertTrue(line.endsWith(layer.get("output").asText()), line);
      assertTrue(line.contains("%,d".formatted(layer.get("parameters").asLong())), line);
    }
    assertTrue(run.out().contains("class logits: "), run.out());
  }

  @Test
  void inspectJsonOnStandardOutputIsAlone() throws IOException {
    Run run = Run.of("inspect", Samples.MODEL, "--json", "-", "--size", "640").assertOk();
    JsonNode root = new ObjectMapper().readTree(run.out());
    assertEquals(640, root.at("/model/input/2").asInt());
  }

  @Test
  void inspectRefusesFilesThatAreNotModels() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Path copy = Files.copy(Samples.MODEL, folder.resolve("m.onnx"));
    Run.of("inspect", image).assertFailsInOneLine(ExitCode.MODEL, "meadow.jpg", "ONNX");
    Run.of("inspect", folder).assertFailsInOneLine(ExitCode.MODEL, "not a regular file");
    Run.of("inspect", folder.resolve("x")).assertFailsInOneLine(ExitCode.MODEL, "no such file");
    Run.of("inspect", copy, "--size", "100").assertFailsInOneLine(ExitCode.USAGE, "100", "32");
    Run.of("inspect", copy, "--json", copy).assertFailsInOneLine(ExitCode.USAGE, "not JSON");
    assertTrue(Run.of("inspect").assertOk().out().contains("bird, mammal"), "the bundled model");
    assertEquals(Files.size(Samples.MODEL), Files.size(copy));
  }

  @Test
  void featuresWritesPagesKernelsAndContributions() throws IOException {
    Run run =
        Run.of(
            "features",
            Run.sample("meadow.jpg"),
            "--conf",
            "0.01",
            "--layer",
            "model.12",
            "--kernels",
            "--out",
            folder);
    run.assertOk();
    JsonNode root = json(folder.resolve("meadow.features.model.12.0.json"));
    assertEquals("whybox-features/1", root.get("schema").asText());
    double sum = 0;
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode channel : root.get("channels")) {
      double contribution = channel.get("contribution").asDouble();
      assertTrue(Math.abs(contribution) <= before, "the greatest first");
      before = Math.abs(contribution);
      sum += contribution;
    }
    assertEquals(root.get("sum").asDouble(), sum, 1e-6);
    assertEquals(128, root.get("channels").size());
    assertEquals(2, root.get("pictures").size(), "64 channels a page");
    assertEquals(4, root.get("kernels").size());
    int pictures = 0;
    for (JsonNode name : root.findValues("pictures").stream().flatMap(n -> stream(n)).toList()) {
      assertTrue(Image.read(folder.resolve(name.asText())).width() > 1000);
      pictures++;
    }
    assertEquals(pictures + 1, Run.names(folder).size(), Run.names(folder).toString());
    assertTrue(run.out().contains("128 channels sum to"), run.out());
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  @Test
  void featuresOfBadLayersAndTargets() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Path out = folder.resolve("out");
    Object[] base = {"features", image, "--conf", "0.01", "--out", out};
    with(base, "--layer", "model.99").assertFails(ExitCode.USAGE, "model.99");
    with(base, "--layer", "model.10", "--kernels").assertFails(ExitCode.USAGE, "no convolution");
    with(base, "--layer", "output0").assertFails(ExitCode.USAGE, "no map");
    with(base, "--target", "1,1,50,50,unicorn").assertFails(ExitCode.TARGET, "unicorn");
    with(base, "--target", "299").assertFails(ExitCode.TARGET, "299");
    assertEquals(List.of(), Run.names(out), "nothing half done");
    Path file = Files.writeString(folder.resolve("taken"), "x");
    Run.of("features", image, "--out", file)
        .assertFailsInOneLine(ExitCode.OUTPUT, "taken is a file");
    Run.of("features", file).assertFailsInOneLine(ExitCode.IMAGE, "taken");
  }

  private static Run with(Object[] base, Object... more) {
    return Run.of(Stream.concat(Arrays.stream(base), Arrays.stream(more)).toArray());
  }

  @Test
  void activationsOfAFolder() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.copy(Run.sample("meadow.jpg"), images.resolve("a.jpg"));
    Files.copy(Run.sample("snow.jpg"), images.resolve("b.JPG"));
    Files.writeString(images.resolve("notes.txt"), "no image");
    Path out = folder.resolve("out");
    Run run = Run.of("activations", images, "--out", out).assertOk();
    assertEquals(List.of("activations.json", "activations.png"), Run.names(out));
    JsonNode root = json(out.resolve("activations.json"));
    assertEquals("whybox-activations/1", root.get("schema").asText());
    assertEquals(2, root.get("images").size());
    assertEquals(58, root.get("functions").size());
    assertEquals(59, run.out().lines().count(), "a head, and one line per function");
    for (JsonNode function : root.get("functions")) {
      long count = 0;
      for (JsonNode bin : function.at("/input/histogram")) {
        count += bin.asLong();
      }
      assertEquals(function.at("/input/count").asLong(), count);
    }
    assertTrue(Image.read(out.resolve("activations.png")).height() > 58 * 20);
  }

  @Test
  void activationsRefusesOptionsThatItIgnores() {
    for (String option : List.of("--conf", "--iou")) {
      Run.of("activations", Run.sample("meadow.jpg"), option, "0.5", "--out", folder)
          .assertFails(ExitCode.USAGE, option, "Leave it out");
      assertFalse(Run.of("activations", "--help").out().contains(option));
    }
  }

  @Test
  void activationsSkipsFilesThatCannotBeRead() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.jpg"), "no image");
    Path out = folder.resolve("out");
    Run run = Run.of("activations", bad, Run.sample("meadow.jpg"), "--out", out);
    run.assertFails(ExitCode.IMAGE, "bad.jpg");
    assertEquals(1, json(out.resolve("activations.json")).get("images").size());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Run.of("activations", empty, "--out", folder.resolve("none"))
        .assertFailsInOneLine(ExitCode.IMAGE, "no image in this folder");
    assertFalse(Files.exists(folder.resolve("none")), "found before the work");
  }
}
