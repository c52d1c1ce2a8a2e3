// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaGraph;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine.DeviceLane;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.engine.Lane;
import dev.whybox.engine.OrtEngine;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls TensorRT through the real bindings. The double lets ONNX Runtime do the computation. */
@Tag("double")
class TensorRtEngineTest {
  private static final int BATCH = 2;
  private static final int SIZE = 64;

  @TempDir Path folder;
  private CudaDevice device;
  private byte[] onnx;

  @BeforeEach
  void open() throws IOException {
    TensorRtDouble.require();
    device = new CudaDevice(0);
    onnx =
        TensorRtEngineTest.class
            .getResourceAsStream("/dev/whybox/models/whybox-n.onnx")
            .readAllBytes();
  }

  @AfterEach
  void nothingLeft() {
    if (device != null) {
      device.close();
      assertEquals("", TensorRtDouble.log());
      assertEquals(0, TensorRtDouble.live(), "objects of TensorRT");
      assertEquals("", DriverDouble.log());
      assertEquals(0, DriverDouble.count("live"), "GPU memory");
    }
  }

  private PlanCache cache() {
    return new PlanCache(folder.resolve("plans"), PlanCache.MAX_BYTES);
  }

  private DeviceModel model(boolean half) {
    try (OrtEngine engine = new OrtEngine(onnx, "bundled", 1)) {
      long[] shape = engine.inputShape();
      int height = shape[2] > 0 ? (int) shape[2] : SIZE;
      int width = shape[3] > 0 ? (int) shape[3] : SIZE;
      return DeviceModel.of(onnx, "bundled", height, width, half);
    }
  }

  private static float[] noise(long count) {
    Random random = new Random(7);
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private float[] onCpu(DeviceModel model, float[] images) {
    try (OrtEngine engine = new OrtEngine(onnx, "bundled", 1)) {
      int batch = engine.inputShape()[0] > 0 ? (int) engine.inputShape()[0] : BATCH;
      float[] result = new float[(int) (BATCH * model.outputSize())];
      try (Lane lane = engine.lane(batch, (int) model.shape()[1], (int) model.shape()[2], 1)) {
        for (int first = 0; first < BATCH; first += batch) {
          lane.input().put(0, images, (int) (first * model.inputSize()), lane.input().capacity());
          lane.run();
          lane.output()
              .get(0, result, (int) (first * model.outputSize()), lane.output().capacity());
        }
      }
      return result;
    }
  }

  /** Runs once plainly and once recorded. */
  private float[] run(TensorRtEngine engine, DeviceModel model, float[] images) {
    float[] plain = new float[(int) (BATCH * model.outputSize())];
    float[] replayed = plain.clone();
    try (FloatPointer host = new FloatPointer(images);
        FloatPointer result = new FloatPointer(plain.length);
        DeviceMemory in = DeviceMemory.of(device, host, "images");
        DeviceMemory out = new DeviceMemory(device, 4L * plain.length, "heads");
        CudaStream stream = new CudaStream(device);
        DeviceLane lane = engine.lane(BATCH)) {
      lane.enqueue(stream, List.of(in), List.of(out));
      stream.await();
      out.read(result);
      result.get(plain);
      out.clear();
      try (CudaGraph graph =
          stream.capture(() -> lane.enqueue(stream, List.of(in), List.of(out)))) {
        graph.replay(stream);
        stream.await();
      }
      out.read(result);
      result.get(replayed);
    }
    assertArrayEquals(plain, replayed);
    return plain;
  }

  @Test
  void computesWhatOnnxRuntimeDoes() {
    DeviceModel model = model(false);
    float[] images = noise(BATCH * model.inputSize());
    try (TensorRtEngine engine = TensorRtEngine.open(device, model, BATCH, cache())) {
      assertEquals("tensorrt", engine.info().name());
      assertEquals("10.15.1", engine.info().version());
      assertEquals("cuda:0", engine.info().device());
      assertEquals("fp32", engine.info().precision());
      assertEquals(BATCH, engine.batch());
      float[] expected = onCpu(model, images);
      float[] found = run(engine, model, images);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-3 + 1e-4 * Math.abs(expected[i]), "" + i);
      }
    }
    assertEquals(1 << 1, TensorRtDouble.count("network flags"), "strongly typed, and that alone");
    assertEquals(1, TensorRtDouble.count("smallest batch"));
    assertEquals(BATCH, TensorRtDouble.count("usual batch"));
    assertEquals(BATCH, TensorRtDouble.count("largest batch"));
    assertEquals(1L << 30, TensorRtDouble.count("workspace"));
    assertEquals(6, TensorRtDouble.count("cleared flag"), "TF32 in BuilderFlag");
    assertEquals(0, TensorRtDouble.count("auxiliary streams"));
  }

  @Test
  void halfPrecisionIsInTheGraph() {
    DeviceModel model = model(true);
    assertEquals("fp16", model.precision());
    float[] images = noise(BATCH * model.inputSize());
    try (TensorRtEngine engine = TensorRtEngine.open(device, model, BATCH, cache())) {
      assertEquals("fp16", engine.info().precision());
      float[] expected = onCpu(model, images);
      float[] found = run(engine, model, images);
      double worst = 0;
      double largest = 0;
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs(expected[i] - found[i]));
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      assertTrue(worst > 0 && worst < 0.02 * largest, worst + " of " + largest);
    }
  }

  @Test
  void aPlanIsBuiltOnce() throws IOException {
    DeviceModel model = model(false);
    for (int i = 0; i < 3; i++) {
      TensorRtEngine.open(device, model, BATCH, cache()).close();
    }
    assertEquals(1, TensorRtDouble.count("builds"));
    assertEquals(3, TensorRtDouble.count("loads"));
    TensorRtEngine.open(device, model, 1, cache()).close();
    assertEquals(2, TensorRtDouble.count("builds"), "another batch, another plan");
    assertEquals(1, TensorRtDouble.count("timing reused"), "what was measured the first time");
    try (Stream<Path> files = Files.list(folder.resolve("plans"))) {
      List<Path> plans = files.filter(f -> f.toString().endsWith(".plan")).toList();
      assertEquals(2, plans.size());
      for (Path plan : plans) {
        byte[] bytes = Files.readAllBytes(plan);
        bytes[bytes.length / 2] ^= 1;
        Files.write(plan, bytes);
      }
    }
    TensorRtEngine.open(device, model, BATCH, cache()).close();
    assertEquals(3, TensorRtDouble.count("builds"), "a damaged plan is not executed");
    TensorRtDouble.set("TIMING_REFUSED", 1);
    TensorRtEngine.open(device, model, 3, cache()).close();
    assertEquals(4, TensorRtDouble.count("builds"), "without what was measured");
  }

  private String failure(String setting, Class<? extends WhyboxException> type) throws IOException {
    TensorRtDouble.set(setting, 1);
    DeviceModel model = model(false);
    String message =
        assertThrows(
                type,
                () -> {
                  try (TensorRtEngine engine = TensorRtEngine.open(device, model, 1, cache())) {
                    try (DeviceLane lane = engine.lane(1);
                        CudaStream stream = new CudaStream(device);
                        DeviceMemory in = new DeviceMemory(device, 4 * model.inputSize(), "in");
                        DeviceMemory out =
                            new DeviceMemory(device, 4 * model.outputSize(), "out")) {
                      lane.enqueue(stream, List.of(in), List.of(out));
                    }
                  }
                })
            .getMessage();
    assertEquals(0, TensorRtDouble.live(), setting);
    assertTrue(message.contains("--device cpu"), message);
    TensorRtDouble.set(setting, 0);
    return message;
  }

  @Test
  void whatTensorRtSaysIsInTheError() throws IOException {
    String parse = failure("PARSE_FAILS", UnsupportedGraph.class);
    assertTrue(parse.contains("bundled") && parse.contains("/model.0/Double (Double)"), parse);
    String build = failure("BUILD_FAILS", EngineFailure.class);
    assertTrue(build.contains("building an engine for bundled"), build);
    assertTrue(build.contains("Could not find any implementation"), build);
    try (Stream<Path> files = Files.list(folder.resolve("plans"))) {
      assertEquals(0, files.count(), "what failed is not kept");
    }
    String load = failure("LOAD_FAILS", EngineFailure.class);
    assertTrue(load.contains("Serialization assertion failed"), load);
    String context = failure("CONTEXT_FAILS", EngineFailure.class);
    assertTrue(context.contains("could not be allocated"), context);
    String shape = failure("SHAPE_FAILS", EngineFailure.class);
    assertTrue(shape.contains("setInputShape of 1 images"), shape);
    String enqueue = failure("ENQUEUE_FAILS", EngineFailure.class);
    assertTrue(enqueue.contains("launch failure"), enqueue);
  }

  @Test
  void tooLittleMemoryIsNeverWrittenTo() {
    DeviceModel model = model(false);
    try (TensorRtEngine engine = TensorRtEngine.open(device, model, BATCH, cache());
        DeviceLane lane = engine.lane(BATCH);
        CudaStream stream = new CudaStream(device);
        DeviceMemory in = new DeviceMemory(device, 4 * BATCH * model.inputSize(), "in");
        DeviceMemory out = new DeviceMemory(device, 4 * BATCH * model.outputSize() - 4, "out")) {
      EngineFailure error =
          assertThrows(EngineFailure.class, () -> lane.enqueue(stream, List.of(in), List.of(out)));
      assertTrue(error.getMessage().contains("tensor output0 has"), error.getMessage());
      assertEquals(0, TensorRtDouble.count("runs"));
    }
  }

  @Test
  void everythingClosesTwiceAndNothingOpensAfterwards() {
    TensorRtEngine engine = TensorRtEngine.open(device, model(false), BATCH, cache());
    DeviceLane lane = engine.lane(BATCH);
    lane.close();
    lane.close();
    engine.close();
    engine.close();
    assertThrows(EngineFailure.class, () -> engine.lane(1));
    assertFalse(TensorRtDouble.count("made") < 10, "the double was asked");
  }

  /** Contexts have much memory, so each is made once; and closing may come in any order. */
  @Test
  void laterLanesUseTheContextsOfEarlierOnes() {
    DeviceModel model = model(false);
    TensorRtEngine engine = TensorRtEngine.open(device, model, BATCH, cache());
    for (int batch : new int[] {1, BATCH, 1}) {
      engine.lane(batch).close();
      assertEquals(1, TensorRtDouble.count("context"));
    }
    assertEquals(
        run(engine, model, noise(BATCH * model.inputSize())).length, BATCH * model.outputSize());
    assertEquals(1, TensorRtDouble.count("context"), "used again at another batch");
    DeviceLane first = engine.lane(1);
    DeviceLane second = engine.lane(1);
    assertEquals(2, TensorRtDouble.count("context"), "one each, where both are open");
    first.close();
    TensorRtDouble.set("ENQUEUE_FAILS", 1);
    try (CudaStream stream = new CudaStream(device);
        DeviceMemory in = new DeviceMemory(device, 4 * model.inputSize(), "in");
        DeviceMemory out = new DeviceMemory(device, 4 * model.outputSize(), "out")) {
      assertThrows(EngineFailure.class, () -> second.enqueue(stream, List.of(in), List.of(out)));
      second.close();
      assertEquals(1, TensorRtDouble.count("context"), "what has failed is not used again");
      DeviceLane open = engine.lane(1);
      engine.close();
      assertEquals(0, TensorRtDouble.live(), "an open lane's context goes with the engine");
      EngineFailure closed =
          assertThrows(EngineFailure.class, () -> open.enqueue(stream, List.of(in), List.of(out)));
      assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
      open.close();
    }
  }
}
