// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import com.google.protobuf.ByteString;
import dev.whybox.blackbox.Shap;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.ExternalData;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.error.WhyboxException.UnknownLayout;
import dev.whybox.error.WhyboxException.UnreadableModel;
import dev.whybox.error.WhyboxException.UnsupportedOpset;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.graph.HalfModel;
import dev.whybox.graph.OldModel;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.InputXGradient;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user's own export may be, made from the bundled model: precision, batch, size, damage. */
class ModelKindsTest {
  @TempDir Path folder;

  private static ModelProto bundled() throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL));
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.toByteArray());
  }

  private static ModelProto withInput(ModelProto model, int... sizes) {
    ModelProto.Builder copy = model.toBuilder();
    TensorShapeProto.Builder shape =
        copy.getGraphBuilder()
            .getInputBuilder(0)
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder();
    for (int axis = 0; axis < 4; axis++) {
      if (sizes[axis] > 0) {
        shape.setDim(axis, TensorShapeProto.Dimension.newBuilder().setDimValue(sizes[axis]));
      }
    }
    return copy.build();
  }

  private static List<Detection> detect(Whybox whybox) {
    return whybox.detect(Image.read(Samples.all().get(0).image()));
  }

  private static void assertClose(List<Detection> expected, List<Detection> found, float score) {
    assertEquals(expected.size(), found.size(), expected + " " + found);
    for (int i = 0; i < found.size(); i++) {
      int anchor = found.get(i).anchor();
      Detection wanted =
          expected.stream().filter(d -> d.anchor() == anchor).findFirst().orElseThrow();
      assertEquals(wanted.score(), found.get(i).score(), score);
      assertTrue(wanted.box().iou(found.get(i).box()) > 0.97);
    }
  }

  /** Gradients and layers of the surest detection are alike: the cosine of the maps. */
  private static void assertAlike(Whybox expected, Whybox found, double cosine) {
    Image image = Image.read(Samples.all().get(0).image());
    Target target = Target.of(detect(expected).get(0));
    for (Method method : List.of(new Saliency(), new InputXGradient(), new LayerCam())) {
      float[] a = expected.explain(image, target, method).map();
      float[] b = found.explain(image, target, method).map();
      double dot = 0;
      double own = 0;
      double other = 0;
      for (int i = 0; i < a.length; i++) {
        dot += (double) a[i] * b[i];
        own += (double) a[i] * a[i];
        other += (double) b[i] * b[i];
      }
      assertTrue(dot >= cosine * Math.sqrt(own * other), method.name() + " " + dot);
    }
  }

  @Test
  void halfPrecisionGivesTheSameDetections() throws IOException {
    Path half = write(HalfModel.of(bundled()));
    try (Whybox full = Whybox.bundled(Options.DEFAULT);
        Whybox whybox = Whybox.open(half)) {
      assertEquals("fp16", whybox.engine().precision());
      assertEquals("fp32", full.engine().precision());
      assertClose(detect(full), detect(whybox), 0.02f);
      Image image = Image.read(Samples.all().get(0).image());
      Target target = Target.of(detect(whybox).get(0));
      Shap shap = new Shap(Segmentation.grid(2, 3), new Shap().baseline(), new Shap().similarity());
      Explanation why = whybox.explain(image, target, shap);
      assertEquals(62, why.samples());
      assertEquals(detect(whybox).get(0).score(), why.fullScore(), 0.01);
      assertAlike(full, whybox, 0.99);
    }
  }

  @Test
  void halfPrecisionOfAnUltralyticsExport() throws IOException {
    Path original = SharedFiles.require("models/yolov8n.onnx").path();
    Path half = write(HalfModel.of(ModelProto.parseFrom(Files.readAllBytes(original))));
    Image image = Image.read(SharedFiles.require("images/bus.jpg").path());
    try (Whybox full = Whybox.open(original);
        Whybox whybox = Whybox.open(half)) {
      assertClose(full.detect(image), whybox.detect(image), 0.02f);
    }
  }

  @Test
  void staticBatchAndSizeAreKept() throws IOException {
    Path fixed = write(withInput(bundled(), 4, 3, 320, 320));
    try (Whybox free = Whybox.bundled(Options.DEFAULT);
        Whybox whybox = Whybox.open(fixed)) {
      assertEquals(4, whybox.model().batch());
      assertClose(detect(free), detect(whybox), 1e-4f);
      Target target = Target.of(detect(whybox).get(0));
      Image image = Image.read(Samples.all().get(0).image());
      Budget budget = Budget.DEFAULT.withSamples(30);
      Shap shap = new Shap();
      double[] expected = values(free.explain(image, List.of(target), shap, budget, p -> {}));
      double[] found = values(whybox.explain(image, List.of(target), shap, budget, p -> {}));
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], found[k], 1e-4);
      }
      assertAlike(free, whybox, 0.99999);
    }
    assertThrows(BadArgument.class, () -> Whybox.open(fixed, Options.DEFAULT.withBatch(2)).close());
    assertThrows(
        BadArgument.class, () -> Whybox.open(fixed, Options.DEFAULT.withSize(640)).close());
  }

  private static double[] values(List<Explanation> explanations) {
    return ((dev.whybox.explain.Attribution.SegmentValues) explanations.get(0).attribution())
        .values();
  }

  @Test
  void aFreeSizeCanBeChosen() {
    try (Whybox whybox = Whybox.bundled(Options.DEFAULT.withSize(448))) {
      assertEquals(448, whybox.model().inputWidth());
      assertTrue(detect(whybox).size() > 0);
    }
    BadArgument error =
        assertThrows(
            BadArgument.class, () -> Whybox.bundled(Options.DEFAULT.withSize(330)).close());
    assertTrue(error.getMessage().contains("multiple of 32"), error.getMessage());
  }

  @Test
  void namesFallBackToNumbers() throws IOException {
    ModelProto.Builder model = bundled().toBuilder().clearMetadataProps();
    try (Whybox whybox = Whybox.open(write(model.build()))) {
      assertEquals("class 0", whybox.model().names().get(0));
      assertEquals(640, whybox.model().inputWidth());
    }
  }

  @Test
  void otherClassCountsAndTasksAreRefused() throws IOException {
    ModelProto.Builder names = bundled().toBuilder().clearMetadataProps();
    names.addMetadataProps(
        StringStringEntryProto.newBuilder().setKey("names").setValue("{0: 'only one'}"));
    Path wrongNames = write(names.build());
    UnknownLayout layout = assertThrows(UnknownLayout.class, () -> Whybox.open(wrongNames).close());
    assertTrue(layout.getMessage().contains("[N,5,anchors]"), layout.getMessage());
    names.clearMetadataProps();
    names.addMetadataProps(StringStringEntryProto.newBuilder().setKey("task").setValue("depth"));
    Path otherTask = write(names.build());
    UnknownLayout task = assertThrows(UnknownLayout.class, () -> Whybox.open(otherTask).close());
    assertTrue(task.getMessage().contains("task is depth"), task.getMessage());
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(Samples.MODEL);
    Path file = folder.resolve("damaged.onnx");
    for (int length : new int[] {0, 1, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(UnreadableModel.class, () -> Whybox.open(file).close(), "length " + length);
    }
    Files.writeString(file, "This is not a model, it is a text.");
    assertThrows(UnreadableModel.class, () -> Whybox.open(file).close());
    assertThrows(UnreadableModel.class, () -> Whybox.open(folder).close());
    assertThrows(UnreadableModel.class, () -> Whybox.open(folder.resolve("missing")).close());
  }

  @Test
  void externalDataAndOtherOpsetsAreRefused() throws IOException {
    ModelProto.Builder model = bundled().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    Path external = write(model.build());
    assertThrows(ExternalData.class, () -> Whybox.open(external).close());
    ModelProto.Builder old = bundled().toBuilder();
    old.getOpsetImportBuilder(0).setVersion(9);
    Path path = write(old.build());
    UnsupportedOpset error = assertThrows(UnsupportedOpset.class, () -> Whybox.open(path).close());
    assertTrue(error.getMessage().contains("found 9"), error.getMessage());
  }

  @Test
  void nanWeightsAreNoticed() throws IOException {
    ModelProto.Builder model = bundled().toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataType() == DataType.FLOAT_VALUE && tensor.getDimsCount() == 4) {
        byte[] raw = tensor.getRawData().toByteArray();
        for (int i = 0; i + 3 < raw.length; i += 4) {
          raw[i + 2] = (byte) 0xc0;
          raw[i + 3] = (byte) 0x7f;
        }
        tensor.setRawData(ByteString.copyFrom(raw));
      }
    }
    try (Whybox whybox = Whybox.open(write(model.build()))) {
      assertThrows(NonFiniteOutput.class, () -> detect(whybox));
    }
  }

  /** The bundled model's operators mean the same from 13 on, so its number can be raised. */
  @Test
  void newerOpsetsAreRun() throws IOException {
    try (Whybox original = Whybox.bundled(Options.DEFAULT)) {
      ModelProto.Builder model = bundled().toBuilder();
      model.setIrVersion(10).getOpsetImportBuilder(0).setVersion(22);
      try (Whybox newest = Whybox.open(write(model.build()))) {
        assertClose(detect(original), detect(newest), 1e-4f);
      }
    }
  }

  /** Sizes and axes as attributes, and the old Softmax. */
  @Test
  void theOldestOpsetGivesTheSame() throws IOException {
    ModelProto old = OldModel.of(bundled());
    assertEquals(11, old.getOpsetImport(0).getVersion());
    try (Whybox original = Whybox.bundled(Options.DEFAULT);
        Whybox oldest = Whybox.open(write(old))) {
      assertClose(detect(original), detect(oldest), 1e-4f);
      assertAlike(original, oldest, 0.99999);
    }
  }

  @Test
  void nonsenseInTheMetadataIsNoCrash() throws IOException {
    ModelProto.Builder model = bundled().toBuilder().clearMetadataProps();
    for (String[] entry :
        new String[][] {
          {"names", "{99999999999: 'x'}"}, {"imgsz", "[99999999999, 1]"}, {"stride", "x"}
        }) {
      model.addMetadataProps(
          StringStringEntryProto.newBuilder().setKey(entry[0]).setValue(entry[1]));
    }
    try (Whybox whybox = Whybox.open(write(model.build()))) {
      assertEquals(640, whybox.model().inputWidth());
    }
    model.addMetadataProps(
        StringStringEntryProto.newBuilder().setKey("imgsz").setValue("[333, 640]"));
    model.removeMetadataProps(1);
    Path odd = write(model.build());
    assertThrows(UnknownLayout.class, () -> Whybox.open(odd).close());
  }

  @Test
  void thePrecisionIsThatOfTheWeights() {
    try (Whybox whybox =
        Whybox.open(SharedFiles.require("models/yolov8n-dynamic-int8.onnx").path())) {
      assertEquals("int8", whybox.engine().precision());
      Image image = Image.read(SharedFiles.require("images/bus.jpg").path());
      assertTrue(whybox.detect(image).size() >= 4);
    }
  }
}
