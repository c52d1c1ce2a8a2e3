// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.bytedeco.tensorrt.global.nvinfer.createInferRuntime;

import dev.whybox.WhyboxException.EngineFailure;
import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.engine.EngineInfo;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorrt.global.nvinfer.DataType;
import org.bytedeco.tensorrt.global.nvinfer.TensorIOMode;
import org.bytedeco.tensorrt.nvinfer.Dims4;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.IRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A detector run by TensorRT. Every lane is an execution context. */
public final class TensorRtEngine implements DeviceEngine {
  private static final Logger LOG = LoggerFactory.getLogger(TensorRtEngine.class);

  private final CudaDevice device;
  private final DeviceModel model;
  private final int batch;
  private final EngineInfo info;
  private final TensorRtLog log = new TensorRtLog();
  private final Natives natives = new Natives(log);
  private final ICudaEngine engine;
  private boolean closed;

  private TensorRtEngine(CudaDevice device, DeviceModel model, byte[] plan, int batch) {
    this.device = device;
    this.model = model;
    this.batch = batch;
    this.info =
        new EngineInfo(
            "tensorrt", TensorRtBinding.version(), "cuda:" + device.number(), model.precision());
    device.use();
    try (BytePointer bytes = new BytePointer(plan)) {
      IRuntime runtime = natives.own(createInferRuntime(log), "createInferRuntime");
      engine =
          natives.own(
              runtime.deserializeCudaEngine(bytes, plan.length),
              "loading the plan of " + model.name());
      requireFloat(model.input(), TensorIOMode.kINPUT);
      requireFloat(model.output(), TensorIOMode.kOUTPUT);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void requireFloat(String tensor, TensorIOMode mode) {
    boolean fits =
        engine.getTensorIOMode(tensor).intern() == mode
            && engine.getTensorDataType(tensor).intern() == DataType.kFLOAT;
    if (!fits) {
      throw new EngineFailure(
          "The plan of "
              + model.name()
              + " has no float32 tensor "
              + tensor
              + " as its "
              + (mode == TensorIOMode.kINPUT ? "input" : "output")
              + ". Delete the plans that are kept, or take --device cpu.",
          null);
    }
  }

  /**
   * Opens a detector: with a plan that was kept, or one that is built now, which takes seconds to
   * minutes, and kept.
   *
   * @param device the GPU
   * @param model the detector
   * @param batch images a run, at least 1
   * @return the engine; close it before the GPU
   * @throws EngineFailure where TensorRT fails, with what it said
   * @throws dev.whybox.WhyboxException.UnsupportedGraph where its parser refuses the graph
   */
  public static TensorRtEngine open(CudaDevice device, DeviceModel model, int batch) {
    Path home = Path.of(System.getProperty("user.home"));
    Path folder = PlanCache.usualFolder(System.getenv(), home);
    return open(device, model, batch, new PlanCache(folder, PlanCache.MAX_BYTES));
  }

  static TensorRtEngine open(CudaDevice device, DeviceModel model, int batch, PlanCache cache) {
    TensorRtBinding.require();
    CacheKey.Place place =
        new CacheKey.Place(
            TensorRtBinding.version(), device.info().name(), device.info().capability());
    PlanBuilder builder = new PlanBuilder(device, batch);
    CacheKey key = CacheKey.plan(place, model.onnx(), builder.settings());
    byte[] kept = cache.read(key);
    if (kept != null) {
      try {
        return new TensorRtEngine(device, model, kept, batch);
      } catch (EngineFailure e) {
        LOG.warn("A plan that was kept is built again: {}", e.getMessage());
      }
    }
    LOG.info("Building an engine for {} on {}: some minutes, once", model.name(), place);
    long start = System.nanoTime();
    CacheKey times = CacheKey.timing(place);
    PlanBuilder.Built built = builder.build(model, cache.read(times));
    LOG.info("Built in {} s", (System.nanoTime() - start) / 1_000_000_000);
    TensorRtEngine engine = new TensorRtEngine(device, model, built.plan(), batch);
    // Only after it has been loaded.
    cache.write(key, built.plan());
    cache.write(times, built.timing());
    return engine;
  }

  @Override
  public EngineInfo info() {
    return info;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public synchronized DeviceLane lane() {
    if (closed) {
      throw new EngineFailure("The engine is closed.", null);
    }
    device.use();
    return new ContextLane();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      natives.close();
      log.close();
    }
  }

  /** An execution context, with memory for what lies between the layers. */
  private final class ContextLane implements DeviceLane {
    private final Natives own = new Natives(log);
    private final IExecutionContext context;
    private boolean done;

    ContextLane() {
      try (Dims4 dims = PlanBuilder.dims(model, batch)) {
        context =
            own.own(engine.createExecutionContext(), "createExecutionContext for " + model.name());
        if (!context.setInputShape(model.input(), dims)) {
          throw log.failure("setInputShape of " + batch + " images");
        }
        requireOutput();
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    /** A wrong size would be memory written past its end. */
    private void requireOutput() {
      try (Dims64 found = context.getTensorShape(model.output())) {
        long values = found.nbDims() < 1 ? -1 : 1;
        for (int i = 0; i < found.nbDims(); i++) {
          values *= found.d(i);
        }
        if (values != batch * model.outputSize()) {
          throw new EngineFailure(
              "TensorRT's output "
                  + model.output()
                  + " has "
                  + values
                  + " values, but the model's has "
                  + batch * model.outputSize()
                  + ". Take --device cpu, and report the model.",
              null);
        }
      }
    }

    @Override
    public void enqueue(CudaStream stream, DeviceMemory input, DeviceMemory output) {
      require(input, model.inputSize(), "input");
      require(output, model.outputSize(), "output");
      boolean put =
          context.setTensorAddress(model.input(), new Address(input.address()))
              && context.setTensorAddress(model.output(), new Address(output.address()))
              && context.enqueueV3(stream.handle());
      if (!put) {
        throw log.failure("enqueueV3");
      }
    }

    private void require(DeviceMemory memory, long values, String what) {
      long wanted = Float.BYTES * batch * values;
      if (memory.bytes() < wanted) {
        throw new EngineFailure(
            "The memory for the " + what + " has " + memory.bytes() + " of " + wanted + " bytes.",
            null);
      }
    }

    @Override
    public void close() {
      if (!done) {
        done = true;
        device.useIfPossible();
        own.close();
      }
    }
  }
}
