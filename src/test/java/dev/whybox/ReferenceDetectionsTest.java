// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.yolo.Detection;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every detection that an independent decoder finds with real models is found, and no other. */
class ReferenceDetectionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"yolov8n.onnx", "yolo11n-320.onnx", "yolov8n-seg.onnx", "yolov8n-pose.onnx"})
  void agreeWithAnIndependentDecoder(String model) throws IOException {
    JsonNode all =
        new ObjectMapper()
            .readTree(SharedFiles.require("reference/detections.json").path().toFile());
    JsonNode images = all.get(model);
    assertTrue(images.size() > 2, "reference images");
    try (Whybox whybox = Whybox.open(SharedFiles.require("models/" + model).path())) {
      for (var entry : images.properties()) {
        Image image = Image.read(SharedFiles.require("images/" + entry.getKey()).path());
        check(model + " " + entry.getKey(), entry.getValue(), whybox.detect(image));
      }
    }
  }

  private static void check(String where, JsonNode expected, List<Detection> found) {
    assertEquals(expected.size(), found.size(), where + " " + found);
    for (JsonNode wanted : expected) {
      Detection match =
          found.stream()
              .filter(d -> d.anchor() == wanted.get("anchor").asInt())
              .findFirst()
              .orElseThrow(() -> new AssertionError(where + " lacks " + wanted));
      double[] box =
          StreamSupport.stream(wanted.get("box").spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      Box b = match.box();
      float[] corners = {b.x1(), b.y1(), b.x2(), b.y2()};
      for (int i = 0; i < 4; i++) {
        assertEquals(box[i], corners[i], 1, where + " " + wanted);
      }
      assertEquals(wanted.get("score").asDouble(), match.score(), 0.005, where + " " + wanted);
      assertEquals(wanted.get("cls").asInt(), match.classId());
      assertEquals(wanted.get("name").asText(), match.className());
    }
  }
}
