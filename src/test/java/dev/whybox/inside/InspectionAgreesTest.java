// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.whybox.Whybox;
import dev.whybox.engine.OrtEngine;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.gradient.GradientModels;
import dev.whybox.gradient.ModelGraph;
import dev.whybox.graph.Attributes;
import dev.whybox.graph.ModelMaker;
import dev.whybox.yolo.YoloModel;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A model that is looked into is understood as one that is explained. */
class InspectionAgreesTest {
  private static final int SIZE = 32;

  /** 4·4 + 2·2 + 1 cells of the strides 8, 16 and 32. */
  private static final int ANCHORS = 21;

  /** More classes than anchors. */
  private static final int CLASSES = 30;

  /** Boxes and logits from the means of the colours, through a map of whole numbers. */
  private static byte[] model(boolean anchorsFirst, boolean task) {
    ModelMaker maker = new ModelMaker(17, DataType.FLOAT).input("images", 1, 3, SIZE, SIZE);
    maker
        .node("Cast", "whole", List.of("images"), Attributes.of("to", DataType.INT64.getNumber()))
        .node("Cast", "real", List.of("whole"), Attributes.of("to", DataType.FLOAT.getNumber()))
        .node("Add", "both", List.of("images", "real"))
        .node("GlobalAveragePool", "mean", List.of("both"))
        .node("Reshape", "colours", List.of("mean", maker.longs(1, 3)))
        .node("MatMul", "raw", List.of("colours", maker.weights(3, CLASSES * ANCHORS)))
        .node("Reshape", "logits", List.of("raw", maker.longs(1, CLASSES, ANCHORS)))
        .node("Sigmoid", "scores", List.of("logits"))
        .node("MatMul", "corners", List.of("colours", maker.weights(3, 4 * ANCHORS)))
        .node("Reshape", "boxes", List.of("corners", maker.longs(1, 4, ANCHORS)));
    int rows = 4 + CLASSES;
    if (anchorsFirst) {
      maker
          .node("Concat", "joined", List.of("boxes", "scores"), Attributes.of("axis", 1))
          .node(
              "Transpose",
              "output0",
              List.of("joined"),
              Attributes.of("perm", new long[] {0, 2, 1}))
          .output("output0", 1, ANCHORS, rows);
    } else {
      maker
          .node("Concat", "output0", List.of("boxes", "scores"), Attributes.of("axis", 1))
          .output("output0", 1, rows, ANCHORS);
    }
    String names =
        IntStream.range(0, CLASSES)
            .mapToObj(c -> c + ": 'kind " + c + "'")
            .collect(Collectors.joining(", ", "{", "}"));
    ModelProto.Builder result = maker.build().toBuilder().addMetadataProps(entry("names", names));
    if (task) {
      result.addMetadataProps(entry("task", "detect"));
    }
    return result.build().toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void moreClassesThanAnchors() {
    for (boolean first : new boolean[] {false, true}) {
      for (boolean task : new boolean[] {false, true}) {
        byte[] onnx = model(first, task);
        Inspection inside = Inspection.of(onnx, "model", "", 0);
        assertEquals(CLASSES, inside.classes().size());
        try (OrtEngine engine = new OrtEngine(onnx, "model", 1)) {
          YoloModel model = new YoloModel(engine, "model", "", 0);
          assertEquals(ANCHORS, model.head().candidates());
          assertEquals(CLASSES, model.head().classes());
          assertEquals(model.info().names(), inside.classes());
          assertEquals(
              List.of((long) model.info().inputHeight(), (long) model.info().inputWidth()),
              inside.inputShape().subList(2, 4));
          try (GradientModels models = new GradientModels(onnx, model, false)) {
            assertEquals(
                models.graph().logitTensors(),
                inside.logits().stream().map(Inspection.Tensor::name).toList());
          }
        }
        assertEquals(
            List.of("raw"), inside.logits().stream().map(Inspection.Tensor::name).toList());
      }
    }
  }

  private static boolean takes(ModelGraph graph, String layer) {
    try {
      graph.map(layer);
      return true;
    } catch (BadArgument e) {
      return false;
    }
  }

  /** What {@code inspect} marks as a map is what {@code --layer} takes, and nothing else. */
  private static void assertMaps(byte[] onnx, int maps) {
    Inspection inside = Inspection.of(onnx, "model", "", 0);
    try (OrtEngine engine = new OrtEngine(onnx, "model", 1)) {
      YoloModel model = new YoloModel(engine, "model", "", 0);
      try (GradientModels models = new GradientModels(onnx, model, false)) {
        for (Inspection.Layer layer : inside.layers()) {
          assertEquals(layer.map(), takes(models.graph(), layer.name()), layer.toString());
        }
      }
    }
    assertEquals(maps, inside.layers().stream().filter(Inspection.Layer::map).count());
  }

  @Test
  void theSameLayersAreMaps() {
    // "real" and "both": "whole" has no gradient, and "mean" has one cell.
    assertMaps(model(false, true), 2);
    byte[] bundled = Whybox.bundledModel();
    assertMaps(bundled, 22);
    assertTrue(
        Inspection.of(bundled, "model", "", 0).layers().stream().anyMatch(layer -> !layer.map()));
  }
}
