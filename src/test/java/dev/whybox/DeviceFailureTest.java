// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.blackbox.Shap;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.explain.Approach;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.perturb.Segmentation;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whybox with its samples on the driver double, where ONNX Runtime stands in for TensorRT: the maps
 * are the CPU's, and whatever fails there is an error after which nothing is left over and the CPU
 * goes on.
 */
@Tag("double")
class DeviceFailureTest {
  private static final Path MODEL =
      Path.of(System.getProperty("whybox.base", "."), "models", "whybox-n.onnx");

  private static final int SIZE = 32;
  private static final int BATCH = 2;

  private static final String OOM = "CUDA_ERROR_OUT_OF_MEMORY";

  /** For what is done once a failure. */
  private static final int FEW = 6;

  /** Waves of all sizes. */
  private static final int MANY = 21;

  /** One of the context and one of the kernels. */
  private static final int HELD = 2;

  private static final Options OPTIONS =
      Options.DEFAULT.withSize(SIZE).withThreads(2).withBatch(BATCH).withDevice(Device.CPU);

  private static final Segmentation GRID = Segmentation.grid(3, 4);
  private static final DRise D_RISE =
      new DRise(4, 0.5, Baseline.MEAN, TargetSimilarity.PROBABILITY);

  private static final List<Target> TARGETS =
      List.of(Target.of(new Box(4, 3, 30, 20), 0), Target.of(new Box(10, 8, 39, 29), 2));

  private final Image image = image();
  private Whybox whybox;
  private final DoubleGpu gpu = new DoubleGpu(BATCH, false);

  private static Image image() {
    byte[] rgb = new byte[3 * 40 * 30];
    new Random(4).nextBytes(rgb);
    return Image.ofRgb(40, 30, rgb);
  }

  @BeforeEach
  void open() {
    DriverDouble.require();
    whybox = Whybox.open(MODEL, OPTIONS, gpu::open);
  }

  @AfterEach
  void close() {
    if (whybox == null) {
      return;
    }
    whybox.close();
    assertEquals(0, DriverDouble.count("live"), "leaks");
    assertEquals("", DriverDouble.log());
    DriverDouble.reset();
  }

  private List<float[]> onDevice(Method method) {
    return onDevice(method, FEW);
  }

  private List<float[]> onDevice(Method method, int samples) {
    List<Explanation> found =
        whybox.explain(image, TARGETS, method, budget(samples), ProgressListener.NONE);
    assertEquals("cuda:0", found.get(0).engine().device());
    return maps(found);
  }

  private List<float[]> onCpu(Method method) {
    return onCpu(method, FEW);
  }

  private List<float[]> onCpu(Method method, int samples) {
    List<Explanation> found =
        whybox.explainOnCpu(image, TARGETS, method, budget(samples), ProgressListener.NONE);
    assertEquals("cpu", found.get(0).engine().device());
    return maps(found);
  }

  private static Budget budget(int samples) {
    return Budget.DEFAULT.withSamples(samples).withSeed(5);
  }

  private static List<float[]> maps(List<Explanation> explanations) {
    List<float[]> maps = new ArrayList<>();
    for (Explanation explanation : explanations) {
      maps.add(explanation.map());
    }
    return maps;
  }

  /** Relative to the greatest value of the map, since the model's scores of noise are small. */
  private static void assertSame(List<float[]> expected, List<float[]> found, String where) {
    assertEquals(expected.size(), found.size());
    for (int t = 0; t < expected.size(); t++) {
      float greatest = 0;
      for (float value : expected.get(t)) {
        greatest = Math.max(greatest, Math.abs(value));
      }
      assertTrue(greatest > 0, "an empty map says nothing");
      assertArrayEquals(expected.get(t), found.get(t), 2e-5f * greatest, where + ", target " + t);
    }
  }

  private void nothingLeft() {
    assertEquals(HELD, DriverDouble.count("live"), "only the context and the kernels");
    assertEquals(0, gpu.openLanes());
    assertEquals("", DriverDouble.log());
  }

  private static List<Method> methods() {
    return List.of(
        new DRise(4, 0.5, Baseline.BLUR, TargetSimilarity.PROBABILITY),
        new DRise(4, 0.5, Baseline.MEAN, TargetSimilarity.COSINE),
        new Shap(GRID, Baseline.BLUR, TargetSimilarity.COSINE),
        new Shap(Segmentation.grid(2, 2), Baseline.GRAY, TargetSimilarity.PROBABILITY),
        new Lime().withSegmentation(GRID).withBaseline(Baseline.NOISE));
  }

  @Test
  void wholeMapsAreTheCpus() {
    for (Method method : methods()) {
      assertSame(onCpu(method, MANY), onDevice(method, MANY), method.toString());
      nothingLeft();
    }
  }

  /** Where no batch is asked for, batches of 4 and 8 are tried on the way; the map is the same. */
  @Test
  void theBatchIsFoundByMeasuring() {
    DoubleGpu free = new DoubleGpu(8, false, false);
    Method method = new Lime().withSegmentation(GRID);
    int samples = 120;
    try (Whybox measuring = Whybox.open(MODEL, OPTIONS.withBatch(0), free::open)) {
      List<float[]> found =
          maps(measuring.explain(image, TARGETS, method, budget(samples), ProgressListener.NONE));
      assertSame(onCpu(method, samples), found, "while batches change");
      assertTrue(free.batches().containsAll(List.of(4, 8)), free.batches().toString());
    }
  }

  /** The map of a method, or the error; either way nothing is left, and the CPU's map is right. */
  private boolean explains(Method method, List<float[]> expected, String error, String where) {
    boolean explained = false;
    try {
      assertSame(expected, onDevice(method), where);
      explained = true;
    } catch (EngineFailure e) {
      assertTrue(e.getMessage().contains(error), e.getMessage());
      assertTrue(e.getMessage().contains("--device cpu"), e.getMessage());
    }
    if (explained && method.kind().approach() == Approach.WHITE_BOX) {
      // A gradient graph keeps one lane for the next call, until the model is closed.
      assertEquals(1, gpu.openLanes());
    } else {
      nothingLeft();
    }
    assertSame(expected, onCpu(method), where + ", on the CPU");
    return explained;
  }

  /**
   * Lets something fail at the first, second, ... of its kind, until the run has fewer of them.
   *
   * @param method what is run
   * @param every whether a failure that is reached must be an error
   * @return how many errors there were
   */
  private int failAtEach(
      Method method, String setting, String counter, int step, boolean every, String error) {
    List<float[]> expected = onCpu(method);
    int errors = 0;
    for (int k = 1; ; k += step) {
      DriverDouble.reset();
      DriverDouble.set(setting, k);
      boolean explained = explains(method, expected, error, setting + " " + k);
      if (DriverDouble.count(counter) < k) {
        assertTrue(explained, "nothing failed");
        return errors;
      }
      errors += explained ? 0 : 1;
      assertFalse(every && explained, setting + " " + k + " was passed over");
    }
  }

  private void worksAgain() {
    DriverDouble.reset();
    assertSame(onCpu(D_RISE), onDevice(D_RISE), "once the failure is over");
  }

  @Test
  void noMemoryFromAnyAllocationOn() {
    int errors = failAtEach(D_RISE, "OOM_FROM", "allocations", 1, true, "CUDA_ERROR_OUT_OF_MEMORY");
    assertTrue(errors >= 10, "only " + errors);
    worksAgain();
  }

  /** With memory for a smaller plan, that one is taken. */
  @Test
  void noMemoryAtAnyAllocation() {
    failAtEach(D_RISE, "OOM_AT", "allocations", 1, false, "CUDA_ERROR_OUT_OF_MEMORY");
    worksAgain();
  }

  /**
   * What cannot be recorded is launched one by one, and one lane is tried where two cannot be set
   * up, so a single refusal is no error.
   */
  @Test
  void anyLaunchRefused() {
    assertEquals(0, failAtEach(D_RISE, "LAUNCH_REFUSED_AT", "launches", 1, false, "the kernel"));
    worksAgain();
  }

  @Test
  void anyKernelFails() {
    int errors =
        failAtEach(D_RISE, "LAUNCH_FAILS_AT", "kernels", 1, true, "CUDA_ERROR_LAUNCH_FAILED");
    assertTrue(errors >= 8, "only " + errors);
    worksAgain();
  }

  /** The last calls free what was used; the explanation is whole by then. */
  @Test
  void lostAtAnyCall() {
    List<float[]> gradient = onCpu(new Saliency());
    int errors = failAtEach(D_RISE, "LOST_AT", "calls", 4, false, "CUDA_ERROR_UNKNOWN");
    assertTrue(errors > 8, "only " + errors);
    DriverDouble.set("LOST_AT", 1);
    List<float[]> expected = onCpu(D_RISE);
    assertFalse(explains(D_RISE, expected, "CUDA_ERROR_UNKNOWN", "lost"));
    assertFalse(explains(D_RISE, expected, "CUDA_ERROR_UNKNOWN", "still lost"));
    assertSame(gradient, onCpu(new Saliency()), "gradients run on the CPU");
  }

  @Test
  void noMemoryForGradients() {
    Saliency saliency = new Saliency();
    int errors = failAtEach(saliency, "OOM_AT", "allocations", 1, true, OOM);
    // Image and head to look for anchors; image, cotangent, value, gradient; each there and pinned
    // here.
    assertEquals(2 * 2 + 2 * 4, errors);
    DriverDouble.reset();
    assertSame(onCpu(saliency), onDevice(saliency), "once there is memory");
  }

  @Test
  void lostWhileDifferentiating() {
    Saliency saliency = new Saliency();
    int errors = failAtEach(saliency, "LOST_AT", "calls", 1, false, "CUDA_ERROR_UNKNOWN");
    assertTrue(errors > 8, "only " + errors);
    DriverDouble.reset();
    assertSame(onCpu(saliency), onDevice(saliency), "once it is back");
  }

  /** A detection's buffers are kept for the next one; those of a failed one are not. */
  @Test
  void noMemoryForDetection() {
    List<Detection> expected = whybox.detectOnCpu(image, 0);
    for (int k = 1; k <= 4; k++) {
      DriverDouble.reset();
      DriverDouble.set("OOM_AT", k);
      EngineFailure e = assertThrows(EngineFailure.class, () -> whybox.detect(image, 0));
      assertTrue(e.getMessage().contains(OOM), e.getMessage());
      nothingLeft();
      assertEquals(expected, whybox.detectOnCpu(image, 0));
    }
    DriverDouble.reset();
    whybox.detect(image, 0);
    long live = DriverDouble.count("live");
    long allocations = DriverDouble.count("allocations");
    assertEquals(expected.size(), whybox.detect(image, 0).size());
    assertEquals(live, DriverDouble.count("live"));
    assertEquals(allocations, DriverDouble.count("allocations"), "buffers are used again");
  }
}
