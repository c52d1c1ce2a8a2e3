// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Mask;
import dev.whybox.image.RotatedBox;
import dev.whybox.yolo.Detection;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every detection that an independent decoder finds with real models is found, and no other. */
class ReferenceDetectionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"yolov8n.onnx", "yolo11n-320.onnx", "yolov8n-seg.onnx", "yolov8n-pose.onnx"})
  void agreeWithAnIndependentDecoder(String model) throws IOException {
    JsonNode images = reference(model);
    assertTrue(images.size() > 2, "reference images");
    try (Whybox whybox = Whybox.open(SharedFiles.require("models/" + model).path())) {
      for (var entry : images.properties()) {
        Image image = Image.read(SharedFiles.require("images/" + entry.getKey()).path());
        check(model + " " + entry.getKey(), image, entry.getValue(), whybox.detect(image));
      }
    }
  }

  private static void check(String where, Image image, JsonNode expected, List<Detection> found) {
    assertEquals(expected.size(), found.size(), where + " " + found);
    for (JsonNode wanted : expected) {
      Detection match = match(found, wanted);
      if (wanted.has("mask_area_letterboxed_px")) {
        double area = wanted.get("mask_area_letterboxed_px").asDouble();
        Letterbox letterbox = Letterbox.of(image.width(), image.height(), 640, 640);
        int counted = ((Mask) match.region().toInput(letterbox)).area();
        assertEquals(area, counted, 0.02 * area, where + " " + wanted);
      }
      double[] box =
          StreamSupport.stream(wanted.get("box").spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      Box b = match.box();
      float[] corners = {b.x1(), b.y1(), b.x2(), b.y2()};
      for (int i = 0; i < 4; i++) {
        assertEquals(box[i], corners[i], 1, where + " " + wanted);
      }
      checkClass(wanted, match);
    }
  }

  @Test
  void rotatedBoxesAgree() throws IOException {
    JsonNode wanted = reference("yolov8n-obb.onnx").get("harbour-obb.jpg");
    try (Whybox whybox = Whybox.open(SharedFiles.require("models/yolov8n-obb.onnx").path())) {
      Image image = Image.read(SharedFiles.require("images/harbour-obb.jpg").path());
      List<Detection> found = whybox.detect(image);
      assertEquals(167, wanted.size());
      assertEquals(wanted.size(), found.size());
      for (JsonNode each : wanted) {
        Detection match = match(found, each);
        RotatedBox box = (RotatedBox) match.region();
        assertEquals(each.get("cx").asDouble(), box.x(), 1);
        assertEquals(each.get("cy").asDouble(), box.y(), 1);
        assertEquals(each.get("w").asDouble(), box.width(), 1);
        assertEquals(each.get("h").asDouble(), box.height(), 1);
        assertEquals(each.get("angle").asDouble(), box.angle(), 0.02);
        checkClass(each, match);
      }
    }
  }

  @Test
  void theFiveLikeliestClassesAgree() throws IOException {
    JsonNode images = reference("yolov8n-cls.onnx");
    assertTrue(images.size() > 2);
    try (Whybox whybox = Whybox.open(SharedFiles.require("models/yolov8n-cls.onnx").path())) {
      for (var entry : images.properties()) {
        Image image = Image.read(SharedFiles.require("images/" + entry.getKey()).path());
        List<Detection> found = whybox.detect(image);
        assertEquals(5, found.size());
        for (int i = 0; i < 5; i++) {
          checkClass(entry.getValue().get(i), found.get(i));
          assertEquals(new Box(0, 0, image.width(), image.height()), found.get(i).box());
        }
      }
    }
  }

  private static JsonNode reference(String model) throws IOException {
    return new ObjectMapper()
        .readTree(SharedFiles.require("reference/detections.json").path().toFile())
        .get(model);
  }

  private static Detection match(List<Detection> found, JsonNode wanted) {
    return found.stream()
        .filter(d -> d.anchor() == wanted.get("anchor").asInt())
        .findFirst()
        .orElseThrow(() -> new AssertionError("lacks " + wanted));
  }

  private static void checkClass(JsonNode wanted, Detection found) {
    assertEquals(wanted.get("score").asDouble(), found.score(), 0.005, wanted.toString());
    assertEquals(wanted.get("cls").asInt(), found.classId());
    assertEquals(wanted.get("name").asText(), found.className());
  }
}
