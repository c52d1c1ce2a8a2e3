// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.graph.HalfModel;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that are explained together, in one pass forward, have the maps they have alone. */
class SharedPassTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final List<WhiteBox> METHODS =
      List.of(
          new Saliency(),
          new GuidedBackprop(),
          new SmoothGrad(),
          new IntegratedGradients(),
          new GradCam(),
          new LayerCam(),
          new LayerCam(List.of("model.21")));

  @TempDir static Path folder;

  private static Whybox open(String name) {
    Options options = Options.DEFAULT.withThreads(2);
    return name.equals("bundled")
        ? Whybox.bundled(options.withSize(320))
        : Whybox.open(SharedFiles.require("models/" + name + ".onnx").path(), options);
  }

  /** Logits of the finest scale, the middle one and the coarsest, whatever is seen there. */
  private static List<Target> targets(Whybox whybox, int[] counts) {
    int side = whybox.model().inputHeight();
    List<Target> targets = new ArrayList<>();
    int first = 0;
    for (int scale = 0; scale < 3; scale++) {
      int cells = side / (8 << scale) * (side / (8 << scale));
      for (int i = 0; i < counts[scale]; i++) {
        int anchor = first + (int) ((long) cells * (2 * i + 1) / (2 * counts[scale]));
        Box box = new Box(10 + i, 10, 90 + 40 * scale, 80 + 9 * i);
        targets.add(Target.of(new Detection(box, i % 2, "", 0.5f, anchor)));
      }
      first += cells;
    }
    return targets;
  }

  private static List<Explanation> explain(Whybox whybox, List<Target> targets, WhiteBox method) {
    Budget budget = Budget.DEFAULT.withSamples(3).withSeed(4);
    return whybox.explain(IMAGE, targets, method, budget, ProgressListener.NONE);
  }

  /** The maps of a list of targets, and that of each of them, agree to float32's rounding. */
  private static void assertAlike(Whybox whybox, List<Target> targets, WhiteBox method) {
    List<Explanation> together = explain(whybox, targets, method);
    assertEquals(targets.size(), together.size());
    float greatestOfAll = 0;
    for (int t = 0; t < targets.size(); t++) {
      Explanation alone = explain(whybox, targets.subList(t, t + 1), method).get(0);
      assertEquals(targets.get(t), together.get(t).target());
      assertEquals(alone.method(), together.get(t).method());
      float[] map = alone.map();
      float greatest = 0;
      for (float value : map) {
        greatest = Math.max(greatest, Math.abs(value));
      }
      String name = method.name() + ", target " + t;
      // A map that is empty alone, where nothing speaks for a target, is to be empty here too.
      float bound = Math.max(1e-3f * greatest, Float.MIN_NORMAL);
      assertArrayEquals(map, together.get(t).map(), bound, name);
      greatestOfAll = Math.max(greatestOfAll, greatest);
    }
    assertTrue(greatestOfAll > 0, method.name() + ": empty maps say nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundled", "yolov8n", "yolo11n-320"})
  void targetsOfAllScales(String name) {
    try (Whybox whybox = open(name)) {
      List<Target> targets = targets(whybox, new int[] {1, 1, 2});
      for (WhiteBox method : METHODS) {
        boolean coarse = method instanceof LayerCam cam && !cam.layers().isEmpty();
        if (!coarse) {
          assertAlike(whybox, targets, method);
        } else if (name.equals("bundled")) {
          // Only the coarsest scale reads that layer.
          assertAlike(whybox, targets.subList(2, 4), method);
        }
      }
    }
  }

  @Test
  void targetsOfOneScaleAndOfTwo() {
    try (Whybox whybox = open("bundled")) {
      for (int[] counts : new int[][] {{3, 0, 0}, {0, 2, 0}, {0, 1, 2}}) {
        for (WhiteBox method : List.of(new Saliency(), new LayerCam())) {
          assertAlike(whybox, targets(whybox, counts), method);
        }
      }
    }
  }

  /** More than a run takes; the order of the targets is kept. */
  @Test
  void manyTargets() {
    try (Whybox whybox = open("bundled")) {
      List<Target> targets = new ArrayList<>(targets(whybox, new int[] {7, 3, 1}));
      Collections.reverse(targets);
      assertAlike(whybox, targets, new Saliency());
      assertAlike(whybox, targets, new GradCam());
    }
  }

  /**
   * The bundled model in float16, with the logits of the finest scale 2^−13 times as large and
   * those of the middle one 2^10 times: the one's gradients vanish where the other's overflow.
   */
  private static Path uneven() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL)).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      boolean fine = tensor.getName().matches("model\\.22\\.cv3\\.0\\.2\\.(weight|bias)");
      boolean middle = tensor.getName().matches("model\\.22\\.cv3\\.1\\.2\\.(weight|bias)");
      if (fine || middle) {
        ByteBuffer raw =
            ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < raw.capacity(); i += 4) {
          raw.putFloat(i, Math.scalb(raw.getFloat(i), fine ? -13 : 10));
        }
        tensor.setRawData(ByteString.copyFrom(raw.array()));
      }
    }
    Path file = folder.resolve("uneven.onnx");
    return Files.write(file, HalfModel.of(model.build()).toByteArray());
  }

  private static double scale(Explanation why) {
    return ((Differentiated) why.evidence()).gradientScale();
  }

  @Test
  void eachRowHasItsOwnLossScale() throws IOException {
    try (Whybox whybox = Whybox.open(uneven(), Options.DEFAULT.withThreads(2).withSize(320))) {
      List<Target> targets = targets(whybox, new int[] {2, 1, 1});
      List<Explanation> together = explain(whybox, targets, new Saliency());
      for (int t = 0; t < targets.size(); t++) {
        Explanation alone = explain(whybox, targets.subList(t, t + 1), new Saliency()).get(0);
        assertEquals(scale(alone), scale(together.get(t)), "target " + t);
        float[] map = alone.map();
        float[] other = together.get(t).map();
        double dot = 0;
        double own = 0;
        double others = 0;
        for (int i = 0; i < map.length; i++) {
          dot += (double) map[i] * other[i];
          own += (double) map[i] * map[i];
          others += (double) other[i] * other[i];
        }
        assertTrue(dot / Math.sqrt(own * others) > 0.999, "target " + t);
        assertEquals(1, Math.sqrt(own / others), 0.01, "target " + t);
      }
      assertTrue(scale(together.get(0)) > 1, "vanishes: " + scale(together.get(0)));
      assertEquals(1, scale(together.get(3)), "fits");
    }
  }
}
