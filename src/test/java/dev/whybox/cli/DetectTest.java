// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectTest {
  @TempDir Path folder;

  @Test
  void tableOnStandardOutputAgreesWithTheJson() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Path json = folder.resolve("d.json");
    Run run = Run.of("detect", image, "--conf", "0.01", "--json", json).assertOk();
    JsonNode root = new ObjectMapper().readTree(json.toFile());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).startsWith(image + "  640x480  "), lines.get(0));
    assertTrue(lines.size() > 1, run.out());
    assertEquals(root.get("detections").size(), lines.size() - 1);
    for (int i = 0; i < lines.size() - 1; i++) {
      JsonNode found = root.at("/detections/" + i);
      String expected =
          "%d %s %.3f".formatted(i, found.get("name").asText(), found.get("score").asDouble());
      String line = lines.get(i + 1).strip().replaceAll(" +", " ");
      assertTrue(line.startsWith(expected), line + " is " + expected);
    }
    assertEquals("", run.err());
  }

  @Test
  void jsonOnStandardOutputIsAlone() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Run run = Run.of("detect", image, image, "--json", "-").assertOk();
    assertEquals(2, new ObjectMapper().readTree(run.out()).size());
  }

  @Test
  void pictureHasTheImagesSize() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Run.of("detect", image, "--conf", "0.01", "--out", folder).assertOk();
    assertEquals(List.of("meadow.detect.png"), Run.names(folder));
    Image picture = Image.read(folder.resolve("meadow.detect.png"));
    assertEquals(640, picture.width());
    assertEquals(480, picture.height());
  }

  @Test
  void nothingFoundIsAResultAndSaysWhatComesNearest() {
    Run run = Run.of("detect", Run.sample("meadow.jpg"), "--conf", "0.999").assertOk();
    assertTrue(run.out().contains("no detections"), run.out());
    assertTrue(run.err().contains("the highest score is 0."), run.err());
    assertTrue(run.err().contains("lower --conf"), run.err());
  }

  @Test
  void badImagesAndModels() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Path text = Files.writeString(folder.resolve("a.jpg"), "no image");
    Path cut = folder.resolve("cut.jpg");
    byte[] whole = Files.readAllBytes(image);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    Run.of("detect", folder.resolve("none.jpg")).assertFailsInOneLine(ExitCode.IMAGE, "none.jpg");
    Run.of("detect", text).assertFailsInOneLine(ExitCode.IMAGE, "a.jpg");
    Run.of("detect", cut).assertFailsInOneLine(ExitCode.IMAGE, "cut.jpg");
    Run.of("detect", image, "--model", text).assertFailsInOneLine(ExitCode.MODEL, "a.jpg");
    Run.of("detect", image, "--model", folder.resolve("none.onnx"))
        .assertFailsInOneLine(ExitCode.MODEL, "none.onnx");
    Run.of("detect", image, "--size", "100").assertFailsInOneLine(ExitCode.USAGE, "100");
  }

  @Test
  void imageThatFailsDoesNotKeepTheNextFromBeingTried() throws IOException {
    Path image = Run.sample("meadow.jpg");
    Run run = Run.of("detect", folder.resolve("none.jpg"), image, "--json", "-");
    run.assertFails(ExitCode.IMAGE, "none.jpg");
    assertEquals(
        image.toString(), new ObjectMapper().readTree(run.out()).at("/image/path").asText());
  }

  @Test
  void unwritablePlacesAreFoundBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "x");
    Path image = Run.sample("meadow.jpg");
    Run.of("detect", image, "--out", file.resolve("x"))
        .assertFailsInOneLine(ExitCode.OUTPUT, "taken is a file");
    Run.of("detect", image, "--json", folder).assertFailsInOneLine(ExitCode.OUTPUT, "folder");
    Run run = Run.of("detect", image, "--json", file.resolve("d.json"));
    run.assertFailsInOneLine(ExitCode.OUTPUT, "taken is a file");
    assertFalse(run.out().contains("detection"), run.out());
    assertEquals(List.of("taken"), Run.names(folder));
  }
}
