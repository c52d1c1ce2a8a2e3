// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import static org.bytedeco.tensorrt.global.nvinfer.createInferRuntime;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaStream;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.DeviceMemory;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.Port;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorrt.global.nvinfer.DataType;
import org.bytedeco.tensorrt.global.nvinfer.TensorIOMode;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.IRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph that TensorRT runs. Every lane has its own execution context. Allocating a context's
 * memory takes time, so contexts are reused by later lanes and freed with the engine.
 */
public final class TensorRtEngine implements DeviceEngine {
  private static final Logger LOG = LoggerFactory.getLogger(TensorRtEngine.class);

  private final CudaDevice device;
  private final DeviceModel model;
  private final int batch;
  private final EngineInfo info;
  private final TensorRtLog log = new TensorRtLog();
  private final Natives natives = new Natives(log);
  private final ICudaEngine engine;
  private final Deque<Context> idle = new ArrayDeque<>();
  private volatile boolean closed;

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
      model.inputs().forEach(tensor -> requireFloat(tensor.name(), TensorIOMode.kINPUT));
      model.outputs().forEach(tensor -> requireFloat(tensor.name(), TensorIOMode.kOUTPUT));
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, this);
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
   * Opens a graph with a plan from the cache. If there is none, a plan is built, which takes
   * seconds to minutes, and kept.
   *
   * @param device the GPU
   * @param model the graph
   * @param batch the largest number of images per run, at least 1; 1 for a graph without a free
   *     batch
   * @return the engine; close it before the GPU
   * @throws EngineFailure if TensorRT fails; the message holds TensorRT's own errors
   * @throws dev.whybox.error.WhyboxException.UnsupportedGraph if its parser refuses the graph
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
    CacheKey times = CacheKey.timing(place);
    PlanBuilder.Built built;
    try (TensorRtLog log = new TensorRtLog();
        BuildProgress progress = new BuildProgress(log::last, LOG::info)) {
      built = builder.build(model, cache.read(times), log);
      LOG.info("Built in {} s", progress.seconds());
    }
    TensorRtEngine engine = new TensorRtEngine(device, model, built.plan(), batch);
    // A plan is kept only after it could be loaded.
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
  public List<Port> inputs(int images) {
    return model.inputs(images);
  }

  @Override
  public List<Port> outputs(int images) {
    return model.outputs(images);
  }

  @Override
  public synchronized DeviceLane lane(int images) {
    if (closed) {
      throw new EngineFailure("The engine is closed.", null);
    }
    if (images < 1 || images > batch) {
      throw new BadArgument(
          "The engine for %s runs 1 to %d images, not %d.".formatted(model.name(), batch, images));
    }
    device.use();
    Context context = idle.poll();
    return new ContextLane(images, context == null ? new Context() : context);
  }

  /** Frees all contexts, even those of open lanes. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      device.useIfPossible();
      idle.clear();
      natives.close();
      log.close();
    }
  }

  /** Takes a context back from a lane. {@code whole} means that a later lane may use it. */
  private synchronized void giveBack(Context context, boolean whole) {
    if (closed) {
      return; // The engine has already freed it.
    }
    if (whole) {
      idle.push(context);
    } else {
      device.useIfPossible();
      Natives.free(context.handle);
    }
  }

  /** An execution context, with memory for the tensors between the layers. */
  private final class Context {
    private final IExecutionContext handle =
        natives.own(engine.createExecutionContext(), "createExecutionContext for " + model.name());
  }

  /** A context, set to a batch. */
  private final class ContextLane implements DeviceLane {
    private final Context context;
    private final List<Port> ins;
    private final List<Port> outs;
    private boolean whole;
    private boolean done;

    /** Takes ownership of the context. */
    ContextLane(int images, Context context) {
      this.context = context;
      this.ins = inputs(images);
      this.outs = outputs(images);
      try {
        for (int i = 0; i < ins.size(); i++) {
          if (model.inputs().get(i).free()) {
            setShape(ins.get(i), images);
          }
        }
        outs.forEach(this::requireSize);
        whole = true;
      } catch (RuntimeException | Error e) {
        Resources.closeAfter(e, this);
        throw e;
      }
    }

    private void setShape(Port input, int images) {
      try (Dims64 dims = PlanBuilder.dims(input)) {
        if (!context.handle.setInputShape(input.name(), dims)) {
          throw log.failure("setInputShape of " + images + " images");
        }
      }
    }

    /**
     * Checks the size of an output: with a wrong size TensorRT would write past the end of the
     * memory.
     */
    private void requireSize(Port output) {
      try (Dims64 found = context.handle.getTensorShape(output.name())) {
        long values = found.nbDims() < 1 ? -1 : 1;
        for (int i = 0; i < found.nbDims(); i++) {
          values *= found.d(i);
        }
        if (values != output.values()) {
          throw new EngineFailure(
              "TensorRT's output "
                  + output.name()
                  + " has "
                  + values
                  + " values, but the model's has "
                  + output.values()
                  + ". Take --device cpu, and report the model.",
              null);
        }
      }
    }

    @Override
    public void enqueue(CudaStream stream, List<DeviceMemory> inputs, List<DeviceMemory> outputs) {
      if (done || closed) {
        throw new EngineFailure("The lane or its engine is closed.", null);
      }
      boolean put = place(ins, inputs) && place(outs, outputs);
      if (!put || !context.handle.enqueueV3(stream.handle())) {
        whole = false;
        throw log.failure("enqueueV3");
      }
    }

    private boolean place(List<Port> ports, List<DeviceMemory> memories) {
      if (ports.size() != memories.size()) {
        throw new EngineFailure(
            "The graph has %d tensors there, but memory for %d is given."
                .formatted(ports.size(), memories.size()),
            null);
      }
      boolean placed = true;
      for (int i = 0; i < ports.size(); i++) {
        Port port = ports.get(i);
        DeviceMemory memory = memories.get(i);
        long wanted = Float.BYTES * port.values();
        if (memory.bytes() < wanted) {
          throw new EngineFailure(
              "The memory for the tensor %s has %d of %d bytes."
                  .formatted(port.name(), memory.bytes(), wanted),
              null);
        }
        placed &= context.handle.setTensorAddress(port.name(), new Address(memory.address()));
      }
      return placed;
    }

    @Override
    public void close() {
      if (!done) {
        done = true;
        giveBack(context, whole);
      }
    }
  }
}
