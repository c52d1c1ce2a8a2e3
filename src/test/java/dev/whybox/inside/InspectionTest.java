// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.Samples;
import dev.whybox.SharedFiles;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnreadableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
  /** yolov8.yaml. */
  private static final List<String> BACKBONE =
      List.of(
          "Conv",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "Conv",
          "C2f",
          "SPPF",
          "Upsample",
          "Concat",
          "C2f",
          "Upsample",
          "Concat",
          "C2f",
          "Conv",
          "Concat",
          "C2f",
          "Conv",
          "Concat",
          "C2f");

  private static Inspection shared(String name) {
    return Whybox.inspect(SharedFiles.require("models/" + name + ".onnx").path(), 0);
  }

  /** A second input is no reason to refuse; the network's own weights are counted. */
  @Test
  void furtherInputsAreNoObstacle() {
    Inspection model = shared("exports/deimv2-atto-int8");
    assertEquals("images", model.input());
    assertEquals(List.of(-1L, 3L, 320L, 320L), model.inputShape());
    assertTrue(model.parameters() > 400_000, "" + model.parameters());
  }

  private static void assertDetectorLike(Inspection model, String head) {
    assertEquals(23, model.layers().size());
    assertEquals(
        BACKBONE, model.layers().subList(0, 22).stream().map(Inspection.Layer::type).toList());
    assertEquals(head, model.layers().get(22).type());
    assertTotals(model);
    assertEquals(3, model.logits().size(), "one tensor per scale");
    for (Inspection.Tensor logits : model.logits()) {
      assertEquals(model.classes().size(), logits.shape().get(1));
    }
  }

  private static void assertTotals(Inspection model) {
    long parameters = model.layers().stream().mapToLong(Inspection.Layer::parameters).sum();
    double gflops = model.layers().stream().mapToDouble(Inspection.Layer::gflops).sum();
    assertEquals(model.parameters(), parameters, "every constant belongs to one layer");
    assertEquals(model.gflops(), gflops, 1e-9);
  }

  @Test
  void bundledModel() {
    Inspection model = Whybox.inspect(Samples.MODEL, 0);
    assertDetectorLike(model, "Detect");
    assertEquals("detect", model.task());
    assertEquals(6, model.classes().size());
    assertEquals(List.of(-1L, 3L, 320L, 320L), model.inputShape());
    assertEquals(13, model.opset());
    assertEquals("fp32", model.precision());
    assertEquals(Samples.MODEL.toFile().length(), model.bytes());
    assertEquals(64, model.sha256().length());
    Inspection.Layer p3 = model.layers().get(15);
    assertEquals("model.15", p3.name());
    assertEquals("/model.15/cv2/act/Mul_output_0", p3.output());
    assertEquals(List.of(-1L, 64L, 40L, 40L), p3.shape());
    assertTrue(p3.map());
    // 3·16·9 weights and 16 biases; 16 kernels of 27 weights at 160 × 160 places.
    assertEquals(16 * 27 + 16, model.layers().get(0).parameters());
    assertEquals(2e-9 * 160 * 160 * 16 * 27, model.layers().get(0).gflops(), 1e-12);
    assertEquals(0, model.layers().get(10).parameters());
  }

  @Test
  void operationsGrowWithTheArea() {
    double own = Whybox.inspect(Samples.MODEL, 320).gflops();
    assertEquals(4 * own, Whybox.inspect(Samples.MODEL, 640).gflops(), 1e-9);
  }

  @Test
  void heads() {
    assertDetectorLike(shared("yolov8n"), "Detect");
    assertDetectorLike(shared("yolov8n-seg"), "Segment");
    assertDetectorLike(shared("yolov8n-pose"), "Pose");
    Inspection obb = shared("yolov8n-obb");
    assertDetectorLike(obb, "OBB");
    assertEquals(List.of(1L, 3L, 1024L, 1024L), obb.inputShape());
  }

  @Test
  void classifier() {
    Inspection model = shared("yolov8n-cls");
    assertEquals("classify", model.task());
    assertEquals(10, model.layers().size());
    assertEquals("Classify", model.layers().get(9).type());
    assertEquals(2_715_880, model.parameters(), "published: 2.7 M");
    assertTotals(model);
    assertEquals(1, model.logits().size());
    assertEquals(List.of(1L, 1000L), model.logits().get(0).shape());
  }

  @Test
  void quantisedModel() {
    Inspection model = shared("yolov8n-dynamic-int8");
    assertEquals("int8", model.precision());
    assertEquals(3_151_904, model.parameters());
    assertDetectorLike(model, "Detect");
  }

  @Test
  void badInput(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("a.onnx"), "no model");
    byte[] whole = Files.readAllBytes(Samples.MODEL);
    Path cut = Files.write(folder.resolve("c.onnx"), Arrays.copyOf(whole, 50_000));
    for (Path bad : List.of(text, cut, folder, folder.resolve("none.onnx"))) {
      UnreadableModel error =
          assertThrows(UnreadableModel.class, () -> Whybox.inspect(bad, 0), bad.toString());
      assertTrue(error.getMessage().contains(bad.toString()), error.getMessage());
    }
    for (int size : new int[] {-32, 100, 1 << 20}) {
      assertThrows(BadArgument.class, () -> Whybox.inspect(Samples.MODEL, size));
    }
  }
}
