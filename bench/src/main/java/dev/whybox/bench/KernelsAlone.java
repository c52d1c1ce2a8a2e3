// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.cuda.KernelBinary;
import dev.whybox.cuda.KernelModule;
import dev.whybox.cuda.PinnedMemory;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.OrtEngine;
import dev.whybox.engine.Port;
import dev.whybox.error.Resources;
import dev.whybox.evaluate.CudaEvaluator;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The waves of an explanation without the engine: painting, scoring, and the scores' way back. What
 * they take a sample is what an explanation takes besides the engine, were nothing overlapped.
 */
final class KernelsAlone implements AutoCloseable {
  private static final int ROWS = 10;

  private final Resources resources = new Resources();
  private final CudaEvaluator evaluator;

  /** For a model at a batch, on as many streams as an explanation has. */
  KernelsAlone(byte[] onnx, Image image, Target target, int height, int width, int batch) {
    try {
      OrtEngine cpu = resources.add(new OrtEngine(onnx, "the model", 1));
      CudaDevice device = resources.add(new CudaDevice(0));
      KernelModule kernels = resources.add(new KernelModule(device, KernelBinary.read()));
      YoloModel model = new YoloModel(cpu, "the model", "", Math.max(height, width));
      Letterbox letterbox = Letterbox.of(image.width(), image.height(), width, height);
      Image content = letterbox.content(image);
      Scene scene = Scene.of(letterbox, content, Baseline.BLUR.of(content, List.of(), 0));
      SegmentMasks masks =
          new SegmentMasks(
              Segmentation.grid(ROWS, ROWS).of(content), new UniformCoalitions(ROWS * ROWS, 0));
      Box frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
      TargetScorer scorer =
          TargetScorer.of(
              model,
              List.of(target),
              List.of(letterbox.toInput(target.box())),
              frame,
              TargetSimilarity.PROBABILITY,
              null);
      DeviceModel shapes = DeviceModel.of(onnx, "the model", height, width, false);
      NoEngine engine = new NoEngine(device, cpu.info(), shapes, batch);
      evaluator = resources.add(new CudaEvaluator(device, kernels, engine, scene, masks, scorer));
      evaluator.use(new LanePlan(GpuThroughput.STREAMS, 1, batch));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Seconds for some samples. */
  double secondsFor(int samples) {
    float[] scores = new float[samples];
    long start = System.nanoTime();
    evaluator.start(0, samples, scores).await();
    return (System.nanoTime() - start) * 1e-9;
  }

  @Override
  public void close() {
    resources.close();
  }

  /** Answers with the same made-up head, which it writes once. */
  private record NoEngine(CudaDevice device, EngineInfo info, DeviceModel shapes, int batch)
      implements DeviceEngine {
    @Override
    public List<Port> inputs(int images) {
      return List.of(new Port("images", withBatch(images, shapes.shape())));
    }

    @Override
    public List<Port> outputs(int images) {
      return List.of(new Port("output0", withBatch(images, shapes.outputShape())));
    }

    private static long[] withBatch(int images, long[] shape) {
      long[] result = new long[shape.length + 1];
      result[0] = images;
      System.arraycopy(shape, 0, result, 1, shape.length);
      return result;
    }

    @Override
    public DeviceLane lane(int images) {
      long bytes = Float.BYTES * outputs(images).get(0).values();
      PinnedMemory head = new PinnedMemory(device, bytes, "a head");
      FloatBuffer values = head.buffer().asFloatBuffer();
      SplittableRandom random = new SplittableRandom(1);
      while (values.hasRemaining()) {
        values.put((float) random.nextDouble()); // No probability is 0, or its box would be unread.
      }
      return new DeviceLane() {
        private boolean written;

        @Override
        public void enqueue(
            CudaStream stream, List<DeviceMemory> inputs, List<DeviceMemory> outputs) {
          if (!written) {
            stream.upload(head, outputs.get(0), bytes);
            written = true;
          }
        }

        @Override
        public void close() {
          head.close();
        }
      };
    }

    @Override
    public void close() {}
  }
}
