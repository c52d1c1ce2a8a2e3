// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line with models of every task. */
class TaskCommandsTest {
  @TempDir Path folder;

  private static Path model(String name) {
    return SharedFiles.require("models/" + name + ".onnx").path();
  }

  private static Path image(String name) {
    return SharedFiles.require("images/" + name).path();
  }

  private JsonNode detect(String model, String image) throws IOException {
    Path out = folder.resolve(model);
    Run run =
        Run.of("detect", image(image), "--model", model(model), "--json", "-", "--out", out)
            .assertOk();
    assertEquals(1, Run.names(out).size());
    return new ObjectMapper().readTree(run.out()).at("/detections/0/region");
  }

  @Test
  void everyKindIsListedAndDrawn() throws IOException {
    JsonNode turned = detect("yolov8n-obb", "harbour-obb.jpg");
    assertEquals("rotated-box", turned.get("kind").asText());
    assertEquals(0.8662, turned.get("angle").asDouble(), 0.02);
    assertEquals(4, turned.get("corners").size());
    JsonNode mask = detect("yolov8n-seg", "coffee.png");
    assertEquals("mask", mask.get("kind").asText());
    assertTrue(mask.get("area").asInt() > 1000 && mask.at("/outline/0").size() > 10);
    JsonNode body = detect("yolov8n-pose", "astronaut.png");
    assertEquals("keypoints", body.get("kind").asText());
    assertEquals("nose", body.at("/keypoints/0/name").asText());
    assertEquals("whole-image", detect("yolov8n-cls", "coffee.png").get("kind").asText());
  }

  @Test
  void theTableNamesTargets() {
    Run classes = Run.of("detect", image("coffee.png"), "--model", model("yolov8n-cls")).assertOk();
    List<String> lines = classes.out().lines().toList();
    assertEquals(6, lines.size());
    assertTrue(lines.get(0).contains("the 5 likeliest classes"), lines.get(0));
    assertTrue(lines.get(1).matches(" *0 +espresso +0\\.94\\d +the whole image"), lines.get(1));
    Run turned =
        Run.of(
                "detect",
                image("harbour-obb.jpg"),
                "--model",
                model("yolov8n-obb"),
                "--conf",
                "0.84")
            .assertOk();
    String place = turned.out().lines().toList().get(1).strip().replaceAll(".* ", "");
    assertEquals(5, place.split(",").length, place);
  }

  @Test
  void aClassAndAKeypointAreExplained() throws IOException {
    Object[] quick = {"--method", "shap", "--segments", "grid:2x2", "--out", folder};
    Run.of(arguments("coffee.png", "yolov8n-cls", quick, "--class", "espresso", "--class", "cup"))
        .assertOk();
    JsonNode json = new ObjectMapper().readTree(folder.resolve("coffee.shap.json").toFile());
    assertEquals("espresso", json.at("/explanations/0/name").asText());
    assertEquals("cup", json.at("/explanations/1/name").asText());
    Run.of(arguments("astronaut.png", "yolov8n-pose", quick, "--keypoint", "Left_Shoulder"))
        .assertOk();
    json = new ObjectMapper().readTree(folder.resolve("astronaut.shap.json").toFile());
    assertEquals("person, left shoulder", json.at("/explanations/0/name").asText());
    assertEquals(0, json.at("/explanations/0/target").asInt());
    assertEquals(5, json.at("/explanations/0/region/chosen").asInt());
    assertTrue(Files.exists(folder.resolve("astronaut.shap.0.png")));
  }

  private static Object[] arguments(String image, String model, Object[] common, Object... others) {
    List<Object> all = new java.util.ArrayList<>(List.of("explain", image(image)));
    all.addAll(List.of("--model", model(model)));
    all.addAll(List.of(common));
    all.addAll(List.of(others));
    return all.toArray();
  }

  @Test
  void whatATaskHasNotIsRefused() {
    Object[] none = {"--out", folder};
    Run.of(arguments("coffee.png", "yolov8n-seg", none, "--class", "cup"))
        .assertFails(ExitCode.TARGET, "for classifiers");
    Run.of(arguments("coffee.png", "yolov8n-seg", none, "--keypoint", "nose"))
        .assertFails(ExitCode.TARGET, "task pose");
    Run.of(arguments("astronaut.png", "yolov8n-pose", none, "--keypoint", "tail"))
        .assertFails(ExitCode.TARGET, "left wrist");
    Run.of(arguments("coffee.png", "yolov8n-cls", none, "--target", "1,2,30,40,cup"))
        .assertFails(ExitCode.TARGET, "whole-image");
    Run.of(arguments("coffee.png", "yolov8n-seg", none, "--target", "50,50,30,40,0.5,cup"))
        .assertFails(ExitCode.TARGET, "rotated-box");
  }
}
