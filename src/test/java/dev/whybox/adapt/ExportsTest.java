// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.Options;
import dev.whybox.SharedFiles;
import dev.whybox.Whybox;
import dev.whybox.adapt.ExportMaker.Export;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.explain.Attribution.SegmentValues;
import dev.whybox.explain.Explanation;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.HeadReading;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports of many kinds find what the raw head of the same weights finds, or an own decoder. */
class ExportsTest {
  private static final Shap SHAP =
      new Shap(Segmentation.grid(1, 3), new Shap().baseline(), new Shap().similarity());

  private static List<Detection> wanted;
  private static double[] values;
  private static float[] gradient;

  private static Path model() {
    return SharedFiles.require("models/yolov8n.onnx").path();
  }

  private static Image image() {
    return Image.read(SharedFiles.require("images/bus.jpg").path());
  }

  private static byte[] made(Export export) throws IOException {
    return ExportMaker.of(ModelProto.parseFrom(Files.readAllBytes(model())), export).toByteArray();
  }

  @BeforeAll
  static void rawHead() {
    try (Whybox raw = Whybox.open(model())) {
      assertTrue(raw.model().reading().isEmpty(), "an Ultralytics export stays as it is");
      wanted = raw.detect(image());
      values = values(raw, wanted.get(0));
      gradient = raw.explain(image(), Target.of(wanted.get(0)), new InputXGradient()).map();
    }
  }

  /** Boxes, scores and classes of detections, and the Shapley values of the surest one. */
  @ParameterizedTest
  @EnumSource(Export.class)
  void findWhatTheRawHeadFinds(Export export) throws IOException {
    Options options = Options.DEFAULT;
    if (export == Export.MEAN_STD) {
      options = options.withInput("scale=255,mean=123/116/103,std=58/57/56");
    }
    float slack = export == Export.HALF ? 0.02f : 2e-4f;
    try (Whybox other = Whybox.of(made(export), export.name(), options)) {
      List<Detection> found = other.detect(image());
      String reading = other.model().reading().map(HeadReading::note).orElse("as it is");
      for (Detection each : wanted) {
        Detection match =
            found.stream()
                .filter(d -> d.anchor() == each.anchor())
                .findFirst()
                .orElseThrow(() -> new AssertionError(reading + " lacks " + each + found));
        assertEquals(each.score(), match.score(), slack, reading);
        assertEquals(each.classId(), match.classId());
        assertTrue(each.box().iou(match.box()) > 0.97, reading + each + match);
      }
      if (!other.model().reading().map(HeadReading::endToEnd).orElse(false)) {
        assertEquals(wanted.size(), found.size(), reading);
      }
      double[] mine = values(other, found.get(0));
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], mine[i], 2 * slack, reading);
      }
    }
  }

  private static double[] values(Whybox whybox, Detection detection) {
    return ((SegmentValues) whybox.explain(image(), Target.of(detection), SHAP).attribution())
        .values();
  }

  /**
   * The gradient starts from the logit, or from the score where that is a product: then it is the
   * logit's times p(1−p), since p is the sigmoid of the logit.
   */
  @ParameterizedTest
  @EnumSource(
      value = Export.class,
      names = {"OBJECTNESS", "YOLOX", "DETR", "LABELS", "SCALES", "UINT8_NHWC"})
  void gradientsAreThoseOfTheRawHead(Export export) throws IOException {
    try (Whybox other = Whybox.of(made(export), export.name(), Options.DEFAULT)) {
      Target target = Target.of(other.detect(image()).get(0));
      float[] found = other.explain(image(), target, new InputXGradient()).map();
      double p = wanted.get(0).score();
      boolean product = other.model().reading().map(HeadReading::product).orElse(false);
      double factor = product ? p * (1 - p) : 1;
      double most = 0;
      for (float value : gradient) {
        most = Math.max(most, Math.abs(value) * factor);
      }
      for (int i = 0; i < found.length; i++) {
        assertEquals(gradient[i] * factor, found[i], 1e-3 * most);
      }
    }
  }

  /** The layers of YOLOv5 whose maps one convolution turns into boxes and classes. */
  @Test
  void objectnessHeadsHaveTheirLayers() {
    Path file = SharedFiles.require("models/exports/yolov5n-objectness.onnx").path();
    Image picture = Image.read(SharedFiles.require("images/coffee.png").path());
    try (Whybox whybox = Whybox.open(file)) {
      Detection cup = whybox.detect(picture).get(0);
      Explanation why = whybox.explain(picture, Target.of(cup), new LayerCam());
      assertEquals(3, ((LayerCam) why.method()).layers().size());
      float[] map = why.map();
      float inside = 0;
      float all = 0;
      for (int i = 0; i < map.length; i++) {
        int x = i % picture.width();
        int y = i / picture.width();
        boolean in =
            x >= cup.box().x1() && x < cup.box().x2() && y >= cup.box().y1() && y < cup.box().y2();
        inside += in ? map[i] : 0;
        all += map[i];
      }
      assertTrue(inside > 0.5 * all, inside + " of " + all);
      assertEquals(cup.score(), why.fullScore(), 1e-3);
    }
  }

  /** What a user must know: an export without metadata says which reading was assumed. */
  @ParameterizedTest
  @EnumSource(
      value = Export.class,
      names = {"NO_METADATA", "YOLOX", "YOLOV6", "DETR", "YOLO_NAS", "LABELS"})
  void withoutMetadataTheReadingIsSaid(Export export) throws IOException {
    try (Whybox whybox = Whybox.of(made(export), export.name(), Options.DEFAULT)) {
      HeadReading reading = whybox.model().reading().orElseThrow();
      assertTrue(reading.assumed());
      assertFalse(reading.note().isEmpty());
      assertTrue(HeadLayout.names().contains(reading.head()));
    }
  }

  /** The user's word counts, and a wrong one is told. */
  @Test
  void aHeadCanBeForced() throws IOException {
    byte[] file = made(Export.OBJECTNESS);
    try (Whybox whybox = Whybox.of(file, "m", Options.DEFAULT.withHead("objectness"))) {
      assertEquals("objectness", whybox.model().reading().orElseThrow().head());
    }
    Options raw = Options.DEFAULT.withHead("yolox");
    UnknownLayout wrong =
        assertThrows(UnknownLayout.class, () -> Whybox.of(file, "m", raw).close());
    assertTrue(wrong.getMessage().contains("do not fit the head"), wrong.getMessage());
    Options unknown = Options.DEFAULT.withHead("yolo");
    BadArgument none = assertThrows(BadArgument.class, () -> Whybox.of(file, "m", unknown).close());
    assertTrue(none.getMessage().contains("boxes-scores"), none.getMessage());
  }

  /** Masks and keypoints are numbers beyond 1: read as classes they gave scores of hundreds. */
  @ParameterizedTest
  @ValueSource(strings = {"yolov8n-seg", "yolov8n-pose"})
  void tasksAreToldWithoutMetadata(String name) throws IOException {
    Path file = SharedFiles.require("models/" + name + ".onnx").path();
    byte[] bare =
        ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder()
            .clearMetadataProps()
            .build()
            .toByteArray();
    try (Whybox said = Whybox.open(file);
        Whybox told = Whybox.of(bare, "bare", Options.DEFAULT)) {
      assertEquals(said.model().task(), told.model().task());
      assertEquals(said.model().names().size(), told.model().names().size());
      assertTrue(told.model().reading().orElseThrow().assumed());
      List<Detection> found = told.detect(image());
      List<Detection> expected = said.detect(image());
      assertEquals(
          expected.stream().map(Detection::anchor).toList(),
          found.stream().map(Detection::anchor).toList());
      assertEquals(expected.get(0).score(), found.get(0).score());
    }
  }

  @Test
  void deadScoresAreExplained() {
    Path dead = SharedFiles.require("models/exports/yolo11n-pose-dead-scores.onnx").path();
    try (Whybox whybox = Whybox.open(dead)) {
      assertTrue(whybox.detect(image(), 0).isEmpty());
      assertTrue(whybox.deadScores().orElseThrow().contains("output0_QuantizeLinear_Input"));
    }
    try (Whybox whybox = Whybox.open(model())) {
      assertTrue(whybox.deadScores().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yolo-fastestv2.onnx", "yolov5n-face-raw.onnx"})
  void otherHeadsAreRefused(String name) {
    Path file = SharedFiles.require("models/exports/" + name).path();
    UnknownLayout error = assertThrows(UnknownLayout.class, () -> Whybox.open(file).close());
    assertTrue(error.getMessage().contains("No known head fits"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yolo26n.onnx",
        "yolo26n-int8.onnx",
        "yolov5n-objectness.onnx",
        "yolov5n-objectness-int8.onnx",
        "yolo11n-320-int8.onnx",
        "yolov8n-seg-320-int8.onnx",
        "yolo11n-face-qdq.onnx"
      })
  void agreeWithAnIndependentDecoder(String name) throws IOException {
    JsonNode all =
        new ObjectMapper().readTree(SharedFiles.require("reference/exports.json").path().toFile());
    JsonNode images = all.get(name);
    assertTrue(images.size() > 0, "reference images");
    try (Whybox whybox = Whybox.open(SharedFiles.require("models/exports/" + name).path())) {
      for (var entry : images.properties()) {
        Image image = Image.read(SharedFiles.require("images/" + entry.getKey()).path());
        List<Detection> found = whybox.detect(image);
        String where = name + " " + entry.getKey() + " " + found;
        assertEquals(entry.getValue().size(), found.size(), where);
        for (JsonNode wanted : entry.getValue()) {
          Box box =
              new Box(
                  (float) wanted.get("box").get(0).asDouble(),
                  (float) wanted.get("box").get(1).asDouble(),
                  (float) wanted.get("box").get(2).asDouble(),
                  (float) wanted.get("box").get(3).asDouble());
          assertTrue(
              found.stream()
                  .anyMatch(
                      d ->
                          d.className().equals(wanted.get("name").asText())
                              && Math.abs(d.score() - wanted.get("score").asDouble()) < 0.02
                              && d.box().iou(box) > 0.93),
              where + " lacks " + wanted);
        }
      }
    }
  }
}
