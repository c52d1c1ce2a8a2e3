// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaEngine;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.cuda.HostFunctionEngine;
import dev.whybox.cuda.KernelModule;
import dev.whybox.engine.FakeEngine;
import dev.whybox.engine.LanePlan;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.perturb.Masks;
import dev.whybox.yolo.Score;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the driver double, whose kernels are the real ones compiled for the host. */
@Tag("double")
class CudaEvaluatorTest extends EvaluatorContract {
  private static final LanePlan TWO = new LanePlan(2, 1, 4);
  private static final int COUNT = 19;

  private CudaDevice device;
  private KernelModule kernels;
  private HostFunctionEngine last;

  @BeforeEach
  void open() {
    DriverDouble.require();
    device = new CudaDevice(0);
    kernels = new KernelModule(device, DriverDouble.kernels());
  }

  @AfterEach
  void close() {
    if (kernels == null) {
      return;
    }
    DriverDouble.set("LOST_AT", 0);
    kernels.close();
    device.close();
    kernels = null;
    assertEquals("", DriverDouble.log());
    assertEquals(0, DriverDouble.count("live"), "leaks");
  }

  @Override
  Evaluator evaluator(FakeEngine engine, Masks masks, TargetScorer scorer, int batch) {
    last = new HostFunctionEngine(engine, batch, SIZE, SIZE);
    return new CudaEvaluator(device, kernels, last, scene, masks, scorer);
  }

  @Override
  void nothingLeft(FakeEngine engine) {
    super.nothingLeft(engine);
    assertEquals(0, last.openLanes.get());
    assertEquals(2, DriverDouble.count("live"), "only the context and the kernels");
  }

  private Masks design() {
    return masks().skip(2).findFirst().orElseThrow(); // One whose coalitions the host draws.
  }

  private float[] run(CudaEvaluator evaluator) {
    evaluator.use(TWO);
    float[] scores = new float[COUNT * evaluator.targets()];
    evaluator.start(Masks.FULL, COUNT, scores).await();
    return scores;
  }

  private float[] undisturbed() {
    FakeEngine engine = engine();
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    try (CpuEvaluator evaluator = new CpuEvaluator(engine, scene, design(), scorer)) {
      evaluator.use(TWO);
      float[] scores = new float[COUNT * evaluator.targets()];
      evaluator.start(Masks.FULL, COUNT, scores).await();
      return scores;
    }
  }

  private CudaEvaluator cuda(FakeEngine engine) {
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    return (CudaEvaluator) evaluator(engine, design(), scorer, TWO.batch());
  }

  /** A score that no kernel computes. */
  private record OnTheHost(Score score) implements Score {
    @Override
    public int targets() {
      return score.targets();
    }

    @Override
    public List<Integer> outputs() {
      return score.outputs();
    }

    @Override
    public Scratch scratch() {
      return score.scratch();
    }

    @Override
    public Optional<TargetScorer.Parameters> device() {
      return Optional.empty();
    }
  }

  @Test
  void aScoreWithoutAKernelIsComputedOnTheHost() {
    FakeEngine engine = engine();
    TargetScorer scorer = scorer(engine, TargetSimilarity.PROBABILITY);
    last = new HostFunctionEngine(engine, TWO.batch(), SIZE, SIZE);
    CudaEngine host =
        new CudaEngine(
            engine,
            device,
            last,
            (onnx, name) -> {
              throw new AssertionError("no graph is needed");
            });
    // It would own the device, which this test closes itself.
    CudaEvaluators evaluators = new CudaEvaluators(device, kernels, last, host, true);
    float[] scores = new float[COUNT * scorer.targets()];
    try (Evaluator evaluator = evaluators.of(scene, design(), new OnTheHost(scorer))) {
      evaluator.use(TWO);
      long before = DriverDouble.count("kernels");
      evaluator.start(Masks.FULL, COUNT, scores).await();
      assertEquals(before, DriverDouble.count("kernels"));
    }
    assertArrayEquals(undisturbed(), scores, 2e-6f);
    nothingLeft(engine);
  }

  @Test
  void wavesAreReplayedWithoutAllocations() {
    FakeEngine engine = engine();
    try (CudaEvaluator evaluator = cuda(engine)) {
      run(evaluator);
      assertNull(evaluator.plainReason());
      long allocations = DriverDouble.count("allocations");
      long launches = DriverDouble.count("launches");
      long kernelsRun = DriverDouble.count("kernels");
      float[] scores = new float[COUNT * evaluator.targets()];
      evaluator.start(0, COUNT, scores).await();
      assertEquals(allocations, DriverDouble.count("allocations"));
      assertEquals(launches, DriverDouble.count("launches"), "graphs, not single launches");
      assertEquals(kernelsRun + 2 * 5, DriverDouble.count("kernels"), "two a batch, 5 batches");
    }
    nothingLeft(engine);
  }

  @Test
  void whatCannotBeRecordedIsLaunchedPlainlyAndSaysWhy() {
    DriverDouble.set("CAPTURE_FAILS", 1);
    FakeEngine engine = engine();
    try (CudaEvaluator evaluator = cuda(engine)) {
      assertArrayEquals(undisturbed(), run(evaluator), 2e-6f);
      assertNotNull(evaluator.plainReason());
      assertTrue(evaluator.plainReason().contains("cuStreamBeginCapture"), evaluator.plainReason());
    }
    nothingLeft(engine);
  }

  /** Each allocation in turn finds no memory; then there is memory again. */
  @Test
  void everyFailedAllocationIsAnErrorAndNothingLeaks() {
    int failures = 0;
    while (true) {
      DriverDouble.reset();
      DriverDouble.set("OOM_AT", failures + 1);
      FakeEngine engine = engine();
      try (CudaEvaluator evaluator = cuda(engine)) {
        try {
          run(evaluator);
          break;
        } catch (EngineFailure e) {
          failures++;
          assertTrue(e.getMessage().contains("CUDA_ERROR_OUT_OF_MEMORY"), e.getMessage());
          assertTrue(e.getMessage().contains("--device cpu"), e.getMessage());
          nothingLeft(engine);
          assertArrayEquals(undisturbed(), run(evaluator), 2e-6f, "usable once there is memory");
        }
      }
      nothingLeft(engine);
      assertEquals("", DriverDouble.log());
    }
    // Scene: image, baseline, labels, boxes, classes. A stream: five pieces here, three there.
    assertEquals(5 + 2 * 8, failures);
  }

  @Test
  void everyRefusedLaunchIsAnErrorOrDoneWithoutRecording() {
    for (int k = 1; k <= 12; k++) {
      DriverDouble.reset();
      DriverDouble.set("LAUNCH_REFUSED_AT", k);
      FakeEngine engine = engine();
      try (CudaEvaluator evaluator = cuda(engine)) {
        float[] scores = run(evaluator);
        assertArrayEquals(undisturbed(), scores, 2e-6f);
      } catch (EngineFailure e) {
        assertTrue(e.getMessage().contains("LAUNCH_OUT_OF_RESOURCES"), e.getMessage());
        assertTrue(e.getMessage().contains("cuLaunchKernel"), e.getMessage());
      }
      nothingLeft(engine);
      assertEquals("", DriverDouble.log());
    }
  }

  @Test
  void everyKernelThatFailsIsAnErrorAndNothingLeaks() {
    int failures = 0;
    for (int k = 1; k <= 14; k++) {
      DriverDouble.reset();
      DriverDouble.set("LAUNCH_FAILS_AT", k);
      FakeEngine engine = engine();
      try (CudaEvaluator evaluator = cuda(engine)) {
        EngineFailure e = assertThrows(EngineFailure.class, () -> run(evaluator), "kernel " + k);
        assertTrue(e.getMessage().contains("CUDA_ERROR_LAUNCH_FAILED"), e.getMessage());
        failures++;
      }
      nothingLeft(engine);
      assertEquals("", DriverDouble.log());
    }
    // Four to set up two streams, then ten for five batches.
    assertEquals(14, failures);
  }

  @Test
  void lostGpuIsAnErrorAtEveryCallAndNothingLeaks() {
    DriverDouble.reset();
    FakeEngine engine = engine();
    try (CudaEvaluator evaluator = cuda(engine)) {
      run(evaluator);
    }
    long calls = DriverDouble.count("calls");
    int failures = 0;
    for (long k = 1; k <= calls; k += 7) {
      DriverDouble.reset();
      DriverDouble.set("LOST_AT", k);
      FakeEngine again = engine();
      try (CudaEvaluator evaluator = cuda(again)) {
        run(evaluator);
      } catch (EngineFailure e) {
        failures++;
        assertTrue(e.getMessage().contains("CUDA_ERROR_UNKNOWN"), e.getMessage());
      }
      nothingLeft(again);
      assertEquals("", DriverDouble.log());
    }
    assertTrue(failures > 10, "only " + failures + " of " + calls + " calls");
    assertArrayEquals(undisturbed(), undisturbed(), 0, "the CPU goes on");
    DriverDouble.reset();
  }
}
