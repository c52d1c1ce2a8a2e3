// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.explain.Attribution;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.render.Examples;
import dev.whybox.render.Png;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Image IMAGE = Examples.gray(48, 24, 0);
  private static final Detection CAT = Examples.detection(1.5f, 2, 30, 20.25f, 0, 0.9f);
  private static final Detection DOG = Examples.detection(2, 2, 9, 9, 1, 0.5f);

  @Test
  void rootSaysWhatMadeTheResult() throws IOException {
    JsonNode root = read(report(List.of()).json());
    assertEquals("whybox/1", root.get("schema").asText());
    assertEquals(Report.version(), root.get("whybox").asText());
    assertEquals("{\"path\":\"a/b.png\",\"width\":48,\"height\":24}", root.get("image").toString());
    assertEquals("[1,3,64,96]", root.at("/model/input").toString());
    assertEquals("m.onnx", root.at("/model/path").asText());
    assertEquals("ab".repeat(32), root.at("/model/sha256").asText());
    assertEquals("detect", root.at("/model/task").asText());
    assertEquals(
        "{\"name\":\"onnxruntime\",\"version\":\"1.29.0\",\"device\":\"cpu\",\"precision\":\"fp32\"}",
        root.get("engine").toString());
    assertEquals(
        "{\"box\":[1.5,2.0,30.0,20.25],\"class\":0,\"name\":\"cat\",\"score\":0.9,\"anchor\":7}",
        root.at("/detections/0").toString());
    assertEquals(0, root.get("explanations").size());
  }

  @Test
  void signedExplanationHasItsSegments() throws IOException {
    Explanation shap =
        Examples.of(IMAGE, Target.of(DOG), Examples.grid(2, 0.5, -1, 2, 0, 0, 0, 0, 0.25));
    JsonNode entry = explained(shap);
    assertEquals(1, entry.get("target").asInt());
    assertEquals("[2.0,2.0,9.0,9.0]", entry.get("box").toString());
    assertEquals(1, entry.get("class").asInt());
    assertEquals("dog", entry.get("name").asText());
    assertEquals("shap", entry.get("method").asText());
    assertEquals("grid:8x8", entry.at("/parameters/segments").asText());
    assertEquals(5, entry.get("seed").asLong());
    assertEquals(1000, entry.get("samples").asInt());
    assertEquals(1002, entry.get("forwards").asInt());
    assertEquals(4.321, entry.get("seconds").asDouble());
    assertEquals("samples", entry.get("stop").asText());
    assertEquals(0.914, entry.get("fullScore").asDouble());
    assertEquals(0.0212, entry.get("baselineScore").asDouble());
    assertEquals("x.npy", entry.get("map").asText());
    assertFalse(entry.has("picture"));
    assertFalse(entry.has("fit"));
    assertFalse(entry.has("standardError"));
    assertEquals(2, entry.at("/segments/rows").asInt());
    assertEquals(4, entry.at("/segments/columns").asInt());
    assertEquals("[0.5,-1.0,2.0,0.0,0.0,0.0,0.0,0.25]", entry.at("/segments/values").toString());
    assertTrue(entry.at("/segments/standardErrors/0").isNull(), "NaN is null");
    assertEquals(0, entry.at("/segments/standardErrors/1").asDouble());
    assertEquals("{\"x\":30.0,\"y\":6.0,\"value\":2.0}", entry.get("peak").toString());
  }

  @Test
  void drawnSegmentsHaveTheirPlaces(@TempDir Path folder) throws IOException {
    // Two segments: the left quarter and the rest, on a content of half the image's size.
    byte[] drawing = new byte[24 * 12 * 3];
    for (int i = 0; i < 24 * 12; i++) {
      drawing[3 * i] = (byte) (i % 24 < 6 ? 10 : 200);
    }
    Path file = Files.write(folder.resolve("s.png"), Png.encode(Image.ofRgb(24, 12, drawing)));
    Segments segments = Segmentation.labels(file).of(Examples.gray(24, 12, 0));
    Attribution values =
        new Attribution.SegmentValues(segments, new double[] {3, 1}, new double[] {0, 0});
    JsonNode entry = explained(Examples.of(IMAGE, Target.of(CAT), values), "l.png");
    assertEquals(
        "{\"count\":2,\"values\":[3.0,1.0],\"standardErrors\":[0.0,0.0],"
            + "\"centres\":[[6.0,12.0],[30.0,12.0]],\"areas\":[288.0,864.0],\"labels\":\"l.png\","
            + "\"relativeError\":0.0}",
        entry.get("segments").toString());
    assertEquals("{\"x\":6.0,\"y\":12.0,\"value\":3.0}", entry.get("peak").toString());
  }

  /**
   * Three of four cells form one block. Its value is spread over them, and its cells have an error
   * of their own.
   */
  @Test
  void blocksHaveTheirCells() throws IOException {
    Segments cells = Segmentation.grid(1, 4).of(Examples.gray(48, 24, 0));
    Attribution values =
        new Attribution.SegmentValues(
            cells.merged(new int[] {0, 1, 0, 0}, 2),
            new double[] {3, 2},
            new double[] {0.5, 0.25},
            null,
            new double[] {0.75, 0.25});
    JsonNode entry = explained(Examples.of(IMAGE, Target.of(CAT), values), "l.png");
    assertEquals("[3,1]", entry.at("/segments/cells").toString());
    assertEquals("[0.75,0.25]", entry.at("/segments/cellErrors").toString());
    assertEquals("[0.5,0.25]", entry.at("/segments/standardErrors").toString());
    assertEquals(2, entry.at("/peak/value").asDouble());
  }

  @Test
  void riseHasAStandardErrorAndNoSegments() throws IOException {
    Explanation rise = Examples.of(IMAGE, Target.of(CAT), Examples.pixels(4, 0, 1, 2, 3));
    JsonNode entry = explained(rise);
    assertEquals(0.004, entry.get("standardError").asDouble());
    assertFalse(entry.has("segments"));
    assertEquals("d-rise", entry.get("method").asText());
    assertEquals("{\"x\":42.5,\"y\":11.5,\"value\":3.0}", entry.get("peak").toString());
  }

  @Test
  void askedBoxesAreNumberedBehindTheDetections() {
    List<Explanation> explanations = new ArrayList<>();
    for (Target target :
        List.of(
            Target.of(new Box(0, 0, 5, 5), 0),
            Target.of(DOG),
            Target.of(CAT),
            Target.of(new Box(1, 1, 5, 5), 0))) {
      explanations.add(Examples.of(IMAGE, target, Examples.grid(1, 0, 1)));
    }
    assertEquals(List.of(2, 1, 0, 3), TargetNumbers.of(explanations, List.of(CAT, DOG)));
  }

  @Test
  void severalReportsAreAnArray() throws IOException {
    Report report = report(List.of());
    assertTrue(read(Report.json(List.of(report))).isObject());
    assertEquals(2, read(Report.json(List.of(report, report))).size());
    assertTrue(report.json().endsWith("}\n"));
  }

  private static JsonNode explained(Explanation explanation) throws IOException {
    return explained(explanation, null);
  }

  private static JsonNode explained(Explanation explanation, String labels) throws IOException {
    int number = TargetNumbers.of(List.of(explanation), List.of(CAT, DOG)).get(0);
    Report.Entry entry = new Report.Entry(number, explanation, "x.npy", null, labels);
    return read(report(List.of(entry)).json()).at("/explanations/0");
  }

  private static Report report(List<Report.Entry> entries) {
    return new Report(IMAGE, Examples.MODEL, Examples.ENGINE, List.of(CAT, DOG), entries);
  }

  private static JsonNode read(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }
}
