// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.verify;

import static dev.whybox.verify.GpuCheck.Measured.atMost;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.blackbox.DRise;
import dev.whybox.blackbox.Lime;
import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaEngine;
import dev.whybox.cuda.KernelBinary;
import dev.whybox.cuda.KernelModule;
import dev.whybox.design.AllCoalitions;
import dev.whybox.design.Coalitions;
import dev.whybox.design.LeverageCoalitions;
import dev.whybox.design.ShapleyCoalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.engine.Device;
import dev.whybox.engine.Lane;
import dev.whybox.engine.OrtEngine;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Method;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.tensorrt.TensorRtEngine;
import dev.whybox.verify.GpuCheck.Measured;
import dev.whybox.whitebox.Saliency;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The checks of a GPU: kernels against the Java code with the same result, the engine against ONNX
 * Runtime, maps against the CPU's maps, and memory.
 */
public final class GpuChecks {
  /**
   * The largest difference of the perturb and score kernels, measured when the same code runs on
   * the host.
   */
  private static final double KERNEL = 2e-6;

  /** Half the step of float16 below 1, and a little more. */
  private static final double HALF = 2.5e-4;

  private static final double SUM = 1e-12;
  private static final double FP32 = 1e-3;
  private static final double FP16 = 2e-2;
  private static final double ALIKE = 0.99;

  /** The driver allocates memory in pieces of 2 MiB, and other programs use memory too. */
  private static final double LEAK = 16 << 20;

  private static final int WARM_UP = 3;
  private static final int MAP_SAMPLES = 100;
  private static final int LEAK_SAMPLES = 8;
  private static final int BATCH = 2;
  private static final long SEED = 1;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private static final CudaEngine.Opener NO_OTHERS =
      (graph, name) -> {
        throw new IllegalStateException(name + " is not opened here");
      };

  private final int gpu;
  private final byte[] onnx;
  private final int explanations;

  /** The position of the image in the model's input; set when a model is opened. */
  private Letterbox letterbox;

  /**
   * Makes the checks of one GPU.
   *
   * @param gpu the GPU's number, from 0
   * @param onnx the bytes of a detector's ONNX file
   * @param explanations the number of explanations in the search for memory leaks, at least 1
   */
  public GpuChecks(int gpu, byte[] onnx, int explanations) {
    this.gpu = gpu;
    this.onnx = onnx;
    this.explanations = explanations;
  }

  /**
   * All checks.
   *
   * @return the checks, in the order in which they should run
   */
  public List<GpuCheck> all() {
    List<GpuCheck> checks = new ArrayList<>();
    kernel(checks, "perturb_segments_f32, uniform", KERNEL, c -> c.perturb(uniform(), false));
    kernel(
        checks,
        "perturb_segments_f32, shapley",
        KERNEL,
        c -> c.perturb(masks(shapley(), 7, 9), false));
    kernel(
        checks,
        "perturb_segments_f32, all",
        KERNEL,
        c -> c.perturb(masks(new AllCoalitions(12), 3, 4), false));
    kernel(
        checks,
        "perturb_segments_f32, given",
        KERNEL,
        c -> c.perturb(masks(new LeverageCoalitions(63, SEED), 7, 9), false));
    kernel(checks, "perturb_rise_f32", KERNEL, c -> c.perturb(rise(), false));
    kernel(checks, "coalitions, uniform", 0, c -> c.coalitions(uniform()));
    kernel(checks, "coalitions, shapley", 0, c -> c.coalitions(masks(shapley(), 7, 9)));
    kernel(checks, "perturb_segments_f16", HALF, c -> c.perturb(uniform(), true));
    kernel(checks, "perturb_rise_f16", HALF, c -> c.perturb(rise(), true));
    kernel(checks, "score_f32, probability", KERNEL, c -> c.score(uniform(), false));
    kernel(checks, "score_f16, probability", KERNEL, c -> c.score(uniform(), true));
    score(checks, "score_f32, cosine", false);
    score(checks, "score_f16, cosine", true);
    kernel(checks, "accumulate_rise", SUM, c -> c.accumulate(rise()));
    kernel(checks, "normal_gram, normal_moments", SUM, c -> c.normalEquations(uniform()));
    checks.add(GpuCheck.of("TensorRT against ONNX Runtime, as exported", () -> engine(false)));
    checks.add(GpuCheck.of("TensorRT against ONNX Runtime, --half", () -> engine(true)));
    checks.add(
        GpuCheck.of(
            "gradient of TensorRT against ONNX Runtime, as exported", () -> gradient(false)));
    checks.add(
        GpuCheck.of("gradient of TensorRT against ONNX Runtime, --half", () -> gradient(true)));
    checks.add(GpuCheck.of("map of the GPU against the CPU's, LIME", () -> map(lime(), false)));
    checks.add(
        GpuCheck.of("map of the GPU against the CPU's, D-RISE", () -> map(new DRise(), false)));
    checks.add(
        GpuCheck.of("map of the GPU against the CPU's, LIME, --half", () -> map(lime(), true)));
    checks.add(GpuCheck.of("memory after " + explanations + " explanations", this::leak));
    return checks;
  }

  private void score(List<GpuCheck> checks, String name, boolean half) {
    checks.add(
        GpuCheck.of(
            "kernel " + name,
            () ->
                atMost(
                    compare(TargetSimilarity.COSINE, c -> c.score(uniform(), half)),
                    KERNEL,
                    "off")));
  }

  private void kernel(
      List<GpuCheck> checks, String name, double bound, ToDoubleFunction<KernelComparison> run) {
    checks.add(
        GpuCheck.of(
            "kernel " + name,
            () ->
                atMost(
                    compare(TargetSimilarity.PROBABILITY, run),
                    bound,
                    bound == 0 ? "words" : "off")));
  }

  private double compare(TargetSimilarity similarity, ToDoubleFunction<KernelComparison> run) {
    try (OrtEngine engine = new OrtEngine(onnx, "the model", 1)) {
      YoloModel model = new YoloModel(engine, "the model", "", 0);
      Box box = new Box(90, 60, 250, 200);
      List<Target> targets = List.of(Target.of(box, 0), Target.of(new Box(10, 20, 300, 230), 0));
      List<Box> boxes =
          targets.stream().map(target -> letterbox(model).toInput(target.box())).toList();
      Box frame = letterbox(model).toInput(new Box(0, 0, WIDTH, HEIGHT));
      // Boxes of the user need no result of a forward pass.
      TargetScorer scorer = TargetScorer.of(model, targets, boxes, frame, similarity, null);
      this.letterbox = letterbox(model);
      try (CudaDevice device = new CudaDevice(gpu);
          KernelModule kernels = new KernelModule(device, KernelBinary.read())) {
        return run.applyAsDouble(new KernelComparison(device, kernels, scene(letterbox), scorer));
      }
    }
  }

  private static Letterbox letterbox(YoloModel model) {
    return Letterbox.of(WIDTH, HEIGHT, model.info().inputWidth(), model.info().inputHeight());
  }

  private static Scene scene(Letterbox letterbox) {
    Image content = letterbox.content(image());
    return Scene.of(letterbox, content, Baseline.BLUR.of(content, List.of(), SEED));
  }

  /** Bright boxes on noise, so that any detector finds something. */
  private static Image image() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        boolean box = x >= 90 && x < 250 && y >= 60 && y < 200;
        for (int c = 0; c < 3; c++) {
          int value = box ? 230 - 40 * c - x / 8 : 60 + y / 4 + random.nextInt(30);
          rgb[3 * (y * WIDTH + x) + c] = (byte) value;
        }
      }
    }
    return Image.ofRgb(WIDTH, HEIGHT, rgb);
  }

  private SegmentMasks uniform() {
    return masks(new UniformCoalitions(63, SEED), 7, 9);
  }

  private static Coalitions shapley() {
    return new ShapleyCoalitions(63, SEED);
  }

  private SegmentMasks masks(Coalitions coalitions, int rows, int columns) {
    Segments segments = Segmentation.grid(rows, columns).of(letterbox.content(image()));
    return new SegmentMasks(segments, coalitions);
  }

  private RiseMasks rise() {
    return new RiseMasks(letterbox.contentWidth(), letterbox.contentHeight(), 7, 0.5, SEED);
  }

  /** Compares boxes relative to the input's sides, and probabilities as they are. */
  private Measured engine(boolean half) {
    try (OrtEngine cpu = new OrtEngine(onnx, "the model", 1);
        CudaDevice device = new CudaDevice(gpu)) {
      YoloModel info = new YoloModel(cpu, "the model", "", 0);
      int height = info.info().inputHeight();
      int width = info.info().inputWidth();
      DeviceModel model = DeviceModel.of(onnx, "the model", height, width, half);
      Scene scene = scene(letterbox(info));
      int values = (int) (model.outputShape()[0] * model.outputShape()[1]);
      float[] found = new float[BATCH * values];
      try (TensorRtEngine engine = TensorRtEngine.open(device, model, BATCH);
          Lane lane =
              new CudaEngine(cpu, device, engine, NO_OTHERS).lane(BATCH, height, width, 1)) {
        lane.input().put(0, scene.image());
        lane.input().put(scene.image().length, scene.baseline());
        lane.run();
        lane.output().get(0, found);
      }
      TargetScorer.Parameters head =
          TargetScorer.of(
                  info,
                  List.of(Target.of(new Box(1, 1, 9, 9), 0)),
                  List.of(new Box(1, 1, 9, 9)),
                  new Box(0, 0, width, height),
                  TargetSimilarity.PROBABILITY,
                  null)
              .device()
              .orElseThrow();
      double largest = 0;
      int batch = Math.max(1, info.info().batch());
      try (Lane lane = cpu.lane(batch, height, width, 1)) {
        for (int i = 0; i < BATCH; i++) {
          lane.input().put(0, i == 0 ? scene.image() : scene.baseline());
          lane.run();
          for (int k = 0; k < values; k++) {
            int row = head.anchorsFirst() ? k % head.rows() : k / head.anchors();
            double scale = row < 4 ? Math.max(height, width) : 1;
            double difference = Math.abs(lane.output().get(k) - found[i * values + k]) / scale;
            // Coefficients of masks, keypoints and angles have no natural scale.
            largest = row < 4 + head.classes() ? Math.max(largest, difference) : largest;
          }
        }
      }
      return atMost(largest, model.precision().equals("fp32") ? FP32 : FP16, "off");
    }
  }

  /** Compares the gradient's size: in float32 pixel by pixel, in float16 as a whole. */
  private Measured gradient(boolean half) {
    try (Whybox onGpu = open(Device.cuda(gpu), half)) {
      Target target = target(onGpu);
      List<Target> targets = List.of(target);
      Saliency method = new Saliency();
      float[] found = onGpu.explain(image(), target, method).map();
      float[] expected =
          onGpu
              .explainOnCpu(image(), targets, method, Budget.DEFAULT, ProgressListener.NONE)
              .get(0)
              .map();
      double largest = 0;
      double off = 0;
      double product = 0;
      double squares = 0;
      double expectedSquares = 0;
      for (int i = 0; i < found.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        off = Math.max(off, Math.abs((double) expected[i] - found[i]));
        product += (double) expected[i] * found[i];
        squares += (double) found[i] * found[i];
        expectedSquares += (double) expected[i] * expected[i];
      }
      return !onGpu.engine().precision().equals("fp32")
          ? new Measured(product / Math.sqrt(squares * expectedSquares), ALIKE, true, "cosine")
          : atMost(off / largest, FP32, "off");
    }
  }

  private Whybox open(Device device, boolean half) {
    return Whybox.of(onnx, "the model", Options.DEFAULT.withDevice(device).withHalf(half));
  }

  private static Target target(Whybox whybox) {
    List<Detection> found = whybox.detect(image(), 0);
    if (found.isEmpty()) {
      return Target.of(new Box(90, 60, 250, 200), 0);
    }
    return Target.of(found.get(0));
  }

  private static Lime lime() {
    return new Lime().withSegmentation(Segmentation.grid(6, 8));
  }

  private static float[] explain(Whybox whybox, Target target, Method method, int samples) {
    return whybox
        .explain(
            image(),
            List.of(target),
            method,
            Budget.DEFAULT.withSamples(samples),
            ProgressListener.NONE)
        .get(0)
        .map();
  }

  private Measured map(Method method, boolean half) {
    try (Whybox cpu = open(Device.CPU, false);
        Whybox onGpu = open(Device.cuda(gpu), half)) {
      Target target = target(cpu);
      double alike =
          RankCorrelation.of(
              explain(cpu, target, method, MAP_SAMPLES),
              explain(onGpu, target, method, MAP_SAMPLES));
      return new Measured(alike, ALIKE, true, "rank correlation");
    }
  }

  private Measured leak() {
    try (CudaDevice device = new CudaDevice(gpu);
        Whybox whybox = open(Device.cuda(gpu), false)) {
      Target target = target(whybox);
      for (int i = 0; i < WARM_UP; i++) {
        explain(whybox, target, lime(), LEAK_SAMPLES);
      }
      long before = device.freeBytes();
      for (int i = 0; i < explanations; i++) {
        explain(whybox, target, lime(), LEAK_SAMPLES);
      }
      return atMost(before - device.freeBytes(), LEAK, "bytes gone");
    }
  }
}
