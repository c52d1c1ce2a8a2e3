// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.LabelImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainTest {
  @TempDir Path folder;

  @Test
  void aMethodThatFailsTakesNothingFromTheOthers(@TempDir Path place) throws IOException {
    Run run =
        Run.of(
            "explain",
            Run.sample("meadow.jpg"),
            "-t",
            "best",
            "--method",
            "layer-cam,box",
            "--layer",
            "model.99",
            "-o",
            place);
    assertEquals(2, run.code(), run.toString());
    assertEquals(List.of("meadow.box.0.png", "meadow.box.json"), Run.names(place));
    assertTrue(run.err().contains("no tensor model.99"), run.err());
  }

  @Test
  void writesWhatTheJsonNames() throws IOException {
    Run run = explain("--target", "best", "--format", "png,json,npy", "--segments", "grid:2x3");
    run.assertOk();
    assertEquals(
        List.of("meadow.shap.0.npy", "meadow.shap.0.png", "meadow.shap.json"), Run.names(folder));
    JsonNode entry = json("meadow.shap.json").at("/explanations/0");
    assertEquals("meadow.shap.0.npy", entry.get("map").asText());
    assertEquals("meadow.shap.0.png", entry.get("picture").asText());
    assertEquals("grid:2x3", entry.at("/parameters/segments").asText());
    double sum = 0;
    for (JsonNode value : entry.at("/segments/values")) {
      sum += value.asDouble();
    }
    double fall = entry.get("fullScore").asDouble() - entry.get("baselineScore").asDouble();
    assertEquals(fall, sum, 1e-5);
    assertTrue(run.out().contains("target 0  "), run.out());
    for (String name : Run.names(folder)) {
      assertTrue(run.err().contains("wrote " + folder.resolve(name)), run.err());
    }
  }

  @Test
  void mapHasTheValuesOfItsSegments() throws IOException {
    explain("--target", "best", "--format", "json,npy", "--segments", "grid:2x2").assertOk();
    byte[] file = Files.readAllBytes(folder.resolve("meadow.shap.0.npy"));
    assertEquals(128 + 4 * 640 * 480, file.length);
    ByteBuffer map = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    JsonNode values = json("meadow.shap.json").at("/explanations/0/segments/values");
    int[] corners = {0, 639, 479 * 640, 479 * 640 + 639};
    for (int i = 0; i < 4; i++) {
      assertEquals((float) values.get(i).asDouble(), map.getFloat(128 + 4 * corners[i]));
    }
  }

  @Test
  void everyMethodRunsAndTheSameSeedGivesTheSame() throws IOException {
    for (String method : List.of("shap", "lime", "d-rise")) {
      // The numbers of lanes and threads depend on measurements, and the rounding of sums depends
      // on them. So they are fixed here.
      String alone = "-t best --samples 20 --threads 1 --batch 1 --method " + method;
      String[] words = alone.split(" ");
      explain(words).assertOk();
      JsonNode first = json("meadow." + method + ".json").at("/explanations/0");
      explain(words).assertOk();
      JsonNode second = json("meadow." + method + ".json").at("/explanations/0");
      assertEquals(method, first.get("method").asText());
      assertEquals(first.get("peak"), second.get("peak"));
      assertEquals(first.get("segments"), second.get("segments"));
      assertEquals(20, first.get("samples").asInt());
      assertEquals(method.equals("lime"), first.has("fit"));
    }
  }

  @Test
  void severalMethodsWriteFilesOfTheirOwn() throws IOException {
    String words = "-t best --samples 20 --segments grid:4x4 --error 9 --method shap,lime,box";
    Run run = explain(words.split(" ")).assertOk();
    assertEquals(
        List.of(
            "meadow.box.0.png",
            "meadow.box.json",
            "meadow.lime.0.png",
            "meadow.lime.json",
            "meadow.shap.0.png",
            "meadow.shap.json"),
        Run.names(folder));
    JsonNode lime = json("meadow.lime.json").at("/explanations/0");
    assertEquals(0, lime.get("forwards").asInt());
    assertEquals(20, lime.get("samples").asInt());
    assertEquals("predicted from the 20 samples of shap", lime.at("/estimation/reason").asText());
    assertEquals("gaussian", lime.at("/estimation/estimator").asText());
    assertTrue(lime.has("fit"));
    assertEquals(23, json("meadow.shap.json").at("/explanations/0/forwards").asInt());
    assertTrue(run.out().contains("lime, predicted from the 20 samples of shap"), run.out());
    assertTrue(run.err().contains("shap, 1 target"), run.err());
    assertFalse(run.err().contains("lime, 1 target"), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "saliency",
        "input-x-gradient",
        "smooth-grad",
        "integrated-gradients",
        "guided-backprop",
        "grad-cam",
        "grad-cam++",
        "hires-cam",
        "layer-cam",
        "x-grad-cam",
        "eigen-cam"
      })
  void everyMethodThatLooksInsideRuns(String method) throws IOException {
    explain("-t", "best", "--method", method, "--samples", "3").assertOk();
    JsonNode found = json("meadow." + method + ".json").at("/explanations/0");
    assertEquals(method, found.get("method").asText());
    boolean path = method.equals("integrated-gradients");
    assertEquals(path, found.has("completenessGap"));
    assertEquals(!path, found.get("baselineScore").isNull());
    assertTrue(Files.size(folder.resolve("meadow." + method + ".0.png")) > 1000);
  }

  @Test
  void saysTheErrorAndWhetherItsGoalWasReached() throws IOException {
    String[] few = "-t best --segments grid:4x4 --samples 40 --error 0.0001".split(" ");
    Run missed = explain(few).assertOk();
    double error = json("meadow.shap.json").at("/explanations/0/segments/relativeError").asDouble();
    assertTrue(error > 1e-4, "an error of " + error);
    assertTrue(missed.out().contains("  error " + Texts.number(error)), missed.out());
    assertTrue(missed.err().contains("the goal of --error 1.0e-04 was not"), missed.err());
    Run reached = explain("-t best --segments grid:4x4 --error 9".split(" ")).assertOk();
    String stop = json("meadow.shap.json").at("/explanations/0/stop").asText();
    assertEquals("accuracy", stop, reached.toString());
    assertFalse(reached.err().contains("--error"), reached.err());
    Run exact = explain("-t best --segments grid:2x2 --error 0.01".split(" ")).assertOk();
    assertFalse((exact.out() + exact.err()).contains("error"), exact.toString());
  }

  @Test
  void layersAreChosenByName() throws IOException {
    explain("-t", "best", "--method", "layer-cam", "--layer", "model.12,model.15").assertOk();
    JsonNode found = json("meadow.layer-cam.json").at("/explanations/0/parameters/layers");
    assertEquals("model.12,model.15", found.asText());
    explain("-t", "best", "--method", "layer-cam", "--layer", "model.1x")
        .assertFails(ExitCode.USAGE, "model.1x", "model.15");
  }

  @Test
  void ownBoxIsNumberedBehindTheDetectionsAndSeveralTargetsGetASheet() throws IOException {
    Run run =
        explain(
            "-t", "best", "-t", "10,10,200,200,bird", "--segments", "grid:8x8", "--samples", "20");
    run.assertOk();
    JsonNode root = json("meadow.shap.json");
    int asked = root.get("detections").size();
    assertEquals(asked, root.at("/explanations/1/target").asInt());
    assertEquals("[10.0,10.0,200.0,200.0]", root.at("/explanations/1/box").toString());
    assertEquals("bird", root.at("/explanations/1/name").asText());
    assertEquals(
        List.of(
            "meadow.shap." + 0 + ".png",
            "meadow.shap." + asked + ".png",
            "meadow.shap.json",
            "meadow.shap.png"),
        Run.names(folder).stream().sorted().toList());
  }

  @Test
  void imagesOfTheSameNameKeepTheirOwnFiles() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve("meadow.jpg");
    Files.copy(Run.sample("hill.jpg"), copy);
    Path out = folder.resolve("out");
    Run.of(
            "explain",
            Run.sample("meadow.jpg"),
            copy,
            "-o",
            out,
            "--segments",
            "grid:8x8",
            "--conf",
            "0.01",
            "-t",
            "best",
            "--samples",
            "10",
            "--format",
            "json")
        .assertOk();
    assertEquals(List.of("meadow-2.shap.json", "meadow.shap.json"), Run.names(out));
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(
        copy.toString(),
        mapper.readTree(out.resolve("meadow-2.shap.json").toFile()).at("/image/path").asText());
  }

  @Test
  void aDeadlineTooShortIsAnsweredByTheFallback() throws IOException {
    Run run = explain("-t", "best", "--deadline", "1ms", "--fallback", "box");
    run.assertOk();
    assertEquals(List.of("meadow.box.0.png", "meadow.box.json"), Run.names(folder));
    JsonNode entry = json("meadow.box.json").at("/explanations/0");
    assertEquals("box", entry.get("method").asText());
    assertEquals("shap", entry.at("/insteadOf/method").asText());
    assertTrue(entry.at("/insteadOf/reason").asText().contains("1 ms"), entry.toString());
    assertTrue(run.err().contains("box answers in place of shap"), run.err());
    // The score of a user's box is unknown, since the fallback does not run the model.
    Run own =
        explain("-t", "10,10,90,90,bird", "--deadline", "1ms", "--fallback", "box").assertOk();
    assertTrue(own.out().contains("score not known"), own.out());
    assertTrue(json("meadow.box.json").at("/explanations/0/fullScore").isNull());
  }

  @Test
  void deadlineGivesAPartialResultThatSaysSo() throws IOException {
    Run run = explain("-t", "best", "--deadline", "1.5s", "--samples", "100000");
    run.assertOk();
    assertEquals("deadline", json("meadow.shap.json").at("/explanations/0/stop").asText());
    assertTrue(run.out().contains("partial: deadline after"), run.out());
  }

  @Test
  void barOnATerminalAndLinesElsewhere() {
    Run lines = explain("-t", "best", "--samples", "20");
    assertTrue(lines.err().startsWith("shap, 1 target ..."), lines.err());
    assertTrue(lines.err().contains("shap, 1 target: 20 samples in "), lines.err());
    assertTrue(!lines.err().contains("\r"), lines.err());
    Run bar =
        Run.onTerminal(
            70,
            "explain",
            Run.sample("meadow.jpg"),
            "-o",
            folder,
            "--conf",
            "0.01",
            "-t",
            "best",
            "--samples",
            "20");
    assertTrue(bar.err().contains("\r"), bar.err());
    assertTrue(bar.err().contains("20/20"), bar.err());
  }

  @Test
  void targetsThatAreNotThere() {
    explain("-t", "999").assertFails(ExitCode.TARGET, "no detection 999");
    explain("-t", "10,10,50,50,zebra").assertFails(ExitCode.TARGET, "'zebra'", "mammal");
    explain("-t", "700,10,750,50,bird")
        .assertFailsInOneLine(ExitCode.TARGET, "box 700.0,10.0,750.0,50.0 covers", "640,480");
    explain("-t", "50,60,10,20,bird")
        .assertFailsInOneLine(ExitCode.TARGET, "wrong way round", "10.0,20.0,50.0,60.0 meant");
    explain("-t", "50,60,50,70,bird").assertFailsInOneLine(ExitCode.TARGET, "50.0,60.0,50.0,70.0");
    Run.of("explain", Run.sample("meadow.jpg"), "-o", folder, "--conf", "0.999")
        .assertFails(ExitCode.NOTHING, "highest score is 0.", "--conf 0.999");
  }

  @Test
  void nothingIsLeftWhereTheWorkCannotBegin() throws IOException {
    explain("-t", "999");
    assertEquals(List.of(), Run.names(folder));
    Path file = Files.writeString(folder.resolve("taken"), "x");
    Run.of("explain", Run.sample("meadow.jpg"), "-o", file, "--conf", "0.01", "--samples", "9")
        .assertFails(ExitCode.OUTPUT, "taken is a file");
    assertEquals(List.of("taken"), Run.names(folder));
  }

  @Test
  void seedChangesTheDraw() throws IOException {
    explain("-t", "best", "--samples", "30", "--seed", "1").assertOk();
    JsonNode one = json("meadow.shap.json").at("/explanations/0/segments/values");
    explain("-t", "best", "--samples", "30", "--seed", "2").assertOk();
    assertNotEquals(one, json("meadow.shap.json").at("/explanations/0/segments/values"));
  }

  @Test
  void caveatsAreSaidOnceForAllTargets() {
    String line =
        "-t best -t 10,10,200,200,coin --segments grid:8x8 --samples 1 --estimator kernel";
    Run few = explain(line.split(" ")).assertOk();
    List<String> warnings =
        few.err().lines().filter(l -> l.contains("too few samples for 64 segments")).toList();
    assertEquals(1, warnings.size(), few.err());
    assertTrue(warnings.get(0).startsWith("whybox: warning: "), warnings.get(0));
    assertTrue(warnings.get(0).contains("at least 256 (4 × segments)"), warnings.get(0));
    assertTrue(few.err().contains("2 targets: 1 sample in "), few.err());
    Run enough = explain("-t", "10,10,600,440,mammal", "--segments", "grid:2x2");
    assertTrue(!enough.assertOk().err().contains("warning"), enough.err());
  }

  @Test
  void placesOfSuperpixelsAreWritten() throws IOException {
    Run run = explain("-t", "best", "--segments", "slic:6", "--samples", "8", "--format", "json");
    run.assertOk();
    assertEquals(List.of("meadow.shap.json", "meadow.shap.segments.png"), Run.names(folder));
    JsonNode segments = json("meadow.shap.json").at("/explanations/0/segments");
    assertEquals("meadow.shap.segments.png", segments.get("labels").asText());
    LabelImage labels = LabelImage.read(folder.resolve("meadow.shap.segments.png"));
    assertEquals(640, labels.width());
    assertEquals(480, labels.height());
    assertEquals(segments.get("count").asInt(), labels.count());
    int[] areas = new int[labels.count()];
    for (int i = 0; i < 640 * 480; i++) {
      areas[labels.label(i % 640, i / 640)]++;
    }
    for (int k = 0; k < areas.length; k++) {
      assertEquals(segments.get("areas").get(k).asDouble(), areas[k], 1e-6);
    }
    assertTrue(run.err().contains("wrote " + folder.resolve("meadow.shap.segments.png")));
  }

  private Run explain(String... words) {
    Path image = Run.sample("meadow.jpg");
    // A quarter of the model's pixels, a quarter of the time.
    Stream<?> start = Stream.of("explain", image, "-o", folder, "--conf", "0.01", "--size", "320");
    return Run.of(Stream.concat(start, Stream.of(words)).toArray());
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }
}
