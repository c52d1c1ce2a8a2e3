// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaEngine;
import dev.whybox.cuda.KernelBinary;
import dev.whybox.cuda.KernelModule;
import dev.whybox.engine.Device;
import dev.whybox.error.Resources;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.DeviceUnavailable;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.error.WhyboxException.UnsupportedGraph;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.tensorrt.GpuSupport;
import dev.whybox.tensorrt.TensorRtEngine;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.YoloModel;
import java.util.function.Function;

/** Opens the GPU that a model is explained on, or says why there is none. */
public final class Gpu {
  /**
   * The largest batch where none is asked for: which one up to it is the fastest is measured. Every
   * execution context has memory for the largest, so it is not larger.
   */
  private static final int LARGEST_BATCH = 16;

  private final Device device;
  private final int batch;
  private final boolean half;
  private final int number;
  private final Function<YoloModel, GpuBackend> maker;
  private String cpuReason;

  /**
   * Looks whether a GPU can be used.
   *
   * @param device where the model is to run
   * @param batch images per run, or 0 to find the fastest by measuring
   * @param half whether a float32 model is to compute in float16 where that is safe
   * @throws DeviceUnavailable where a GPU is a must, and can't be used
   */
  public Gpu(Device device, int batch, boolean half) {
    this.device = device;
    this.batch = batch;
    this.half = half;
    this.maker = null;
    if (device instanceof Device.Cpu) {
      number = 0;
      cpuReason = "it was asked for";
      return;
    }
    GpuSupport support = GpuSupport.find();
    number = device instanceof Device.Cuda cuda ? cuda.number() : support.first();
    cpuReason = support.missing();
    if (must() && cpuReason != null) {
      throw new DeviceUnavailable(
          "The device " + device + " cannot be used. Take --device cpu, or see to what is missing:",
          support.allMissing());
    }
    if (must() && number >= support.devices().size()) {
      throw new DeviceUnavailable(
          "There is no device "
              + device
              + ": GPUs have the numbers 0 to "
              + (support.devices().size() - 1)
              + " here. `whybox doctor` lists them.");
    }
    if (must() && !support.suits(number)) {
      throw new DeviceUnavailable(
          "The device "
              + device
              + " cannot be used: it is "
              + support.devices().get(number)
              + ". "
              + GpuSupport.NEEDED
              + " Take --device cuda:"
              + support.first()
              + " or cpu.");
    }
  }

  /** A device that is there, given by what makes it from the model on the CPU. */
  public Gpu(Function<YoloModel, GpuBackend> maker) {
    this.device = Device.AUTO;
    this.batch = 0;
    this.half = false;
    this.number = 0;
    this.maker = maker;
  }

  private boolean must() {
    return device instanceof Device.Cuda;
  }

  /**
   * Opens a model on the GPU.
   *
   * @param onnx the model's file
   * @param yolo the same on the CPU
   * @return to be closed by the caller; null where the CPU is used
   * @throws WhyboxException where a GPU is a must, and refuses the model
   */
  public GpuBackend open(byte[] onnx, YoloModel yolo) {
    if (cpuReason != null) {
      return null;
    }
    if (maker != null) {
      return maker.apply(yolo);
    }
    ModelInfo info = yolo.info();
    try {
      // Before the GPU is touched: whether TensorRT takes the graph.
      DeviceModel model =
          DeviceModel.of(
              onnx,
              info.path(),
              info.inputHeight(),
              info.inputWidth(),
              yolo.head().outputs(),
              half);
      return opened(model, yolo);
    } catch (UnsupportedGraph | EngineFailure | DeviceUnavailable e) {
      if (must()) {
        throw e;
      }
      cpuReason = e.getMessage();
      return null;
    }
  }

  private GpuBackend opened(DeviceModel model, YoloModel yolo) {
    Resources made = new Resources();
    boolean good = false;
    try {
      CudaDevice gpu = made.add(new CudaDevice(number));
      KernelModule kernels = made.add(new KernelModule(gpu, KernelBinary.read()));
      int largest = batch > 0 ? batch : LARGEST_BATCH;
      TensorRtEngine engine = made.add(TensorRtEngine.open(gpu, model, largest));
      CudaEngine.Opener opener =
          (graph, name) -> TensorRtEngine.open(gpu, DeviceModel.of(graph, name), 1);
      CudaEngine host = new CudaEngine(yolo.engine(), gpu, engine, opener);
      GpuBackend backend =
          new GpuBackend(
              yolo.on(host),
              new CudaEvaluators(gpu, kernels, engine, host, batch > 0),
              half && yolo.engine().info().precision().equals("fp32"));
      good = true;
      return backend;
    } finally {
      if (!good) {
        made.close();
      }
    }
  }

  /** Why the CPU is used, in sentences; null where the GPU is. */
  public String cpuReason() {
    return cpuReason;
  }
}
