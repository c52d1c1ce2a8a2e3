// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.dream.Dream;
import dev.whybox.dream.DreamListener;
import dev.whybox.dream.DreamTarget;
import dev.whybox.dream.GradientAscent;
import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.NonFiniteOutput;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.whitebox.GradCam;
import dev.whybox.whitebox.GuidedBackprop;
import dev.whybox.whitebox.IntegratedGradients;
import dev.whybox.whitebox.LayerCam;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.SmoothGrad;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Detection and white-box methods on the driver double, where ONNX Runtime stands in for TensorRT:
 * graphs of several inputs and outputs go where the detector goes, and give the CPU's numbers.
 */
@Tag("double")
class DeviceGradientTest {
  private static final Image IMAGE = Image.read(Samples.all().get(0).image());
  private static final int SIZE = 160;
  private static final int BATCH = 2;
  private static final Budget BUDGET = Budget.DEFAULT.withSamples(3).withSeed(5);
  private static final Options OPTIONS =
      Options.DEFAULT.withSize(SIZE).withThreads(2).withConfidence(0.05f).withDevice(Device.CPU);

  /** Of the map's greatest value, as for black-box methods. */
  private static final float BOUND = 2e-5f;

  @TempDir Path folder;

  @BeforeEach
  void require() {
    DriverDouble.require();
  }

  @AfterEach
  void nothingLeft() {
    assertEquals("", DriverDouble.log());
    assertEquals(0, DriverDouble.count("live"), "leaks");
    DriverDouble.reset();
  }

  private static Explanation explain(Whybox whybox, Target target, Method method, boolean there) {
    List<Target> targets = List.of(target);
    Explanation found =
        (there
                ? whybox.explain(IMAGE, targets, method, BUDGET, ProgressListener.NONE)
                : whybox.explainOnCpu(IMAGE, targets, method, BUDGET, ProgressListener.NONE))
            .get(0);
    assertEquals(there ? "cuda:0" : "cpu", found.engine().device());
    return found;
  }

  private static float greatest(float[] map) {
    float greatest = 0;
    for (float value : map) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    assertTrue(greatest > 0, "an empty map says nothing");
    return greatest;
  }

  @Test
  void mapsAndDetectionsAreTheCpus() {
    DoubleGpu gpu = new DoubleGpu(BATCH, false);
    try (Whybox whybox = Whybox.open(Samples.MODEL, OPTIONS, gpu::open)) {
      assertEquals("cuda:0", whybox.engine().device());
      List<Detection> expected = whybox.detectOnCpu(IMAGE, 0.05f);
      List<Detection> found = whybox.detect(IMAGE);
      assertEquals(expected, found, "the same engine at another batch");
      assertTrue(!found.isEmpty());
      Target target = Target.of(found.get(0));
      for (Method method :
          List.of(
              new Saliency(),
              new SmoothGrad(),
              new IntegratedGradients(),
              new GuidedBackprop(),
              new GradCam(),
              new LayerCam())) {
        float[] map = explain(whybox, target, method, false).map();
        float bound = BOUND * greatest(map);
        assertArrayEquals(map, explain(whybox, target, method, true).map(), bound, method.name());
      }
      assertEquals(3, gpu.graphs(), "plain, guided, and at the head's layer");
      assertEquals(4, gpu.openLanes(), "for the next call: the detection's and one of each graph");
    }
  }

  /** A box that the user draws: an anchor is looked for first, on the GPU too. */
  @Test
  void boxesThatAreAskedAboutAreLookedForThere() {
    DoubleGpu gpu = new DoubleGpu(BATCH, false);
    try (Whybox whybox = Whybox.open(Samples.MODEL, OPTIONS, gpu::open)) {
      Detection seen = whybox.detect(IMAGE).get(0);
      Target asked = Target.of(seen.box(), seen.classId());
      Explanation here = explain(whybox, asked, new Saliency(), false);
      Explanation there = explain(whybox, asked, new Saliency(), true);
      assertEquals(here.fullScore(), there.fullScore(), 1e-6);
      float[] map = here.map();
      assertArrayEquals(map, there.map(), BOUND * greatest(map));
    }
  }

  @Test
  void dreamsAreDreamtThere() {
    DoubleGpu gpu = new DoubleGpu(BATCH, false);
    DreamTarget target = new DreamTarget.OfChannel("model.9", 0);
    Budget budget = Budget.DEFAULT.withSamples(2);
    try (Whybox onGpu = Whybox.open(Samples.MODEL, OPTIONS, gpu::open);
        Whybox onCpu = Whybox.open(Samples.MODEL, OPTIONS)) {
      Dream there = onGpu.dream(target, GradientAscent.DEFAULT, budget, DreamListener.NONE);
      Dream here = onCpu.dream(target, GradientAscent.DEFAULT, budget, DreamListener.NONE);
      assertEquals("cuda:0", there.engine().device());
      assertEquals(here.value(), there.value(), 1e-4 * Math.abs(here.value()));
      assertEquals(1, gpu.graphs());
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      own += (double) a[i] * a[i];
      other += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(own * other);
  }

  /**
   * The cotangent's scale of a gradient in float16 there, which agrees with that in float32 on the
   * CPU.
   */
  private double scale(ModelProto.Builder model) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
    DoubleGpu gpu = new DoubleGpu(BATCH, true);
    Target target;
    try (Whybox plain = Whybox.open(Samples.MODEL, OPTIONS)) {
      target = Target.of(plain.detect(IMAGE).get(0));
    }
    try (Whybox whybox = Whybox.open(file, OPTIONS, gpu::open)) {
      Explanation here = explain(whybox, target, new Saliency(), false);
      Explanation there = explain(whybox, target, new Saliency(), true);
      assertEquals(1, here.gradientScale().getAsDouble());
      double alike = cosine(here.map(), there.map());
      assertTrue(alike > 0.99 && alike < 1, "" + alike);
      assertEquals(1, greatest(there.map()) / greatest(here.map()), 0.1);
      return there.gradientScale().getAsDouble();
    }
  }

  @Test
  void halfPrecisionScalesTheCotangentWhereItMust() throws IOException {
    ModelProto.Builder plain = ModelProto.parseFrom(Files.readAllBytes(Samples.MODEL)).toBuilder();
    assertEquals(1, scale(plain));
    assertTrue(scale(HalfGradientTest.overflowing()) < 1);
    assertTrue(scale(HalfGradientTest.vanishing()) > 1);
    assertTrue(scale(HalfGradientTest.faint()) > 1);
  }

  /** Where no scale helps, the search for the place would build plan after plan. */
  @Test
  void whereNumbersAreNotFiniteTheCpuIsToSayWhere() throws IOException {
    byte[] onnx = HalfGradientTest.rooted().build().toByteArray();
    Path file = Files.write(folder.resolve("root.onnx"), onnx);
    DoubleGpu gpu = new DoubleGpu(BATCH, false);
    try (Whybox whybox = Whybox.open(file, OPTIONS, gpu::open)) {
      Target target = Target.of(whybox.detect(IMAGE).get(0));
      String message =
          assertThrows(NonFiniteOutput.class, () -> explain(whybox, target, new Saliency(), true))
              .getMessage();
      assertTrue(message.contains("whatever power of two"), message);
      assertTrue(message.contains("take --device cpu"), message);
      assertEquals(1, gpu.graphs());
      message =
          assertThrows(NonFiniteOutput.class, () -> explain(whybox, target, new Saliency(), false))
              .getMessage();
      assertTrue(message.contains("(Sqrt)"), message);
    }
  }
}
