// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.blackbox.Lime;
import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaGraph;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine.DeviceLane;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.engine.Device;
import dev.whybox.error.Resources;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.image.Image;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.tensorrt.GpuSupport;
import dev.whybox.tensorrt.TensorRtEngine;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much of TensorRT's bare throughput an explanation gets: samples a second of LIME against
 * images a second of the same engine with nothing before or after it, by turns in one process; and
 * what the waves take without the engine. {@code -Dbatch=N} (16), {@code -Dhalf=true}, {@code
 * -Dsamples=N} (20000), {@code -Drounds=N} (5).
 */
public final class GpuThroughput {
  static final int STREAMS = 2;

  private static final double SHARE_GOAL = 97;
  private static final double KERNELS_GOAL = 3;
  private static final int NO_GPU = 9;

  private GpuThroughput() {}

  /**
   * Measures and prints.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    String missing = GpuSupport.find().missing();
    if (missing != null) {
      System.err.println("This measures a GPU, and none can be used here. " + missing);
      System.exit(NO_GPU);
    }
    int batch = Integer.getInteger("batch", 16);
    int samples = Integer.getInteger("samples", 20000);
    int rounds = Integer.getInteger("rounds", 5);
    boolean half = Boolean.getBoolean("half");
    Options options = Bench.options().withDevice(Device.cuda(0)).withBatch(batch).withHalf(half);
    List<Double> bare = new ArrayList<>();
    List<Double> explained = new ArrayList<>();
    List<Double> kernels = new ArrayList<>();
    Image image = Bench.image();
    try (Whybox whybox = Bench.open(options);
        Bare engine = new Bare(whybox, batch, half)) {
      List<Detection> found = whybox.detect(image, 0);
      if (found.isEmpty()) {
        throw new IllegalStateException("Nothing is detected; name a picture with -Dimage=FILE.");
      }
      Target target = Target.of(found.get(0));
      String name = explain(whybox, image, target, samples / 10).engine().toString();
      engine.secondsFor(samples / 10);
      try (KernelsAlone waves =
          new KernelsAlone(
              Bench.modelBytes(),
              image,
              target,
              whybox.model().inputHeight(),
              whybox.model().inputWidth(),
              batch)) {
        waves.secondsFor(samples / 10);
        for (int round = 0; round < rounds; round++) {
          bare.add(samples / engine.secondsFor(samples));
          Explanation explanation = explain(whybox, image, target, samples);
          explained.add(explanation.samples() / (explanation.elapsed().toNanos() * 1e-9));
          kernels.add(samples / waves.secondsFor(samples));
        }
      }
      System.out.println(name + ", batch " + batch + ", median of " + rounds + " rounds");
    }
    System.out.printf("bare TensorRT  %.0f images/s%n", median(bare));
    System.out.printf("LIME           %.0f samples/s%n", median(explained));
    System.out.printf("without engine %.0f samples/s%n", median(kernels));
    System.out.printf(
        "share of bare TensorRT   %.1f %% (goal: at least %.0f %%)%n",
        100 * median(explained) / median(bare), SHARE_GOAL);
    System.out.printf(
        "kernels of a wave        %.1f %% (goal: under %.0f %%)%n",
        100 * median(explained) / median(kernels), KERNELS_GOAL);
  }

  private static Explanation explain(Whybox whybox, Image image, Target target, int samples) {
    return whybox
        .explain(
            image,
            List.of(target),
            new Lime(),
            Budget.DEFAULT.withSamples(samples),
            ProgressListener.NONE)
        .get(0);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
        .average()
        .orElseThrow();
  }

  /** The engine alone, recorded once a stream, as many streams as an explanation has. */
  private static final class Bare implements AutoCloseable {
    private final Resources resources = new Resources();
    private final CudaDevice device;
    private final List<CudaStream> streams = new ArrayList<>();
    private final List<CudaGraph> graphs = new ArrayList<>();
    private final int batch;

    Bare(Whybox whybox, int batch, boolean half) {
      this.batch = batch;
      try {
        device = resources.add(new CudaDevice(0));
        DeviceModel model =
            DeviceModel.of(
                Bench.modelBytes(),
                whybox.model().path(),
                whybox.model().inputHeight(),
                whybox.model().inputWidth(),
                half);
        TensorRtEngine engine = resources.add(TensorRtEngine.open(device, model, batch));
        long in = Float.BYTES * (long) batch * product(model.shape());
        long out = Float.BYTES * (long) batch * product(model.outputShape());
        for (int i = 0; i < STREAMS; i++) {
          DeviceLane lane = resources.add(engine.lane(batch));
          CudaStream stream = resources.add(new CudaStream(device));
          DeviceMemory input = resources.add(new DeviceMemory(device, in, "images")).clear();
          DeviceMemory output = resources.add(new DeviceMemory(device, out, "heads"));
          lane.enqueue(stream, List.of(input), List.of(output));
          stream.await();
          streams.add(stream);
          graphs.add(
              resources.add(
                  stream.capture(() -> lane.enqueue(stream, List.of(input), List.of(output)))));
        }
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private static long product(long[] sizes) {
      return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    double secondsFor(int images) {
      device.use();
      long start = System.nanoTime();
      for (int i = 0; i * batch < images; i++) {
        graphs.get(i % STREAMS).replay(streams.get(i % STREAMS));
      }
      streams.forEach(CudaStream::await);
      return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void close() {
      resources.close();
    }
  }
}
