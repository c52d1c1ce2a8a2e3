// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.CudaEngine;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.DriverDouble;
import dev.whybox.cuda.HostFunctionEngine;
import dev.whybox.cuda.KernelModule;
import dev.whybox.engine.OrtEngine;
import dev.whybox.evaluate.CudaEvaluators;
import dev.whybox.evaluate.GpuBackend;
import dev.whybox.tensorrt.DeviceModel;
import dev.whybox.yolo.YoloModel;
import java.util.Set;

/**
 * A GPU for a Whybox: the driver double, with ONNX Runtime standing in for TensorRT. Its graphs of
 * gradients are those that TensorRT would get.
 */
final class DoubleGpu {
  private final int batch;
  private final boolean fixedBatch;
  private final boolean half;
  private HostFunctionEngine engine;
  private int graphs;

  /** A GPU that runs just this batch. */
  DoubleGpu(int batch, boolean half) {
    this(batch, true, half);
  }

  DoubleGpu(int batch, boolean fixedBatch, boolean half) {
    this.batch = batch;
    this.fixedBatch = fixedBatch;
    this.half = half;
  }

  GpuBackend open(YoloModel model) {
    CudaDevice device = new CudaDevice(0);
    KernelModule kernels = new KernelModule(device, DriverDouble.kernels());
    int height = model.info().inputHeight();
    engine = new HostFunctionEngine(model.engine(), batch, height, model.info().inputWidth());
    CudaEngine host = new CudaEngine(model.engine(), device, engine, this::graph);
    return new GpuBackend(
        model.on(host), new CudaEvaluators(device, kernels, engine, host, fixedBatch), half);
  }

  private DeviceEngine graph(byte[] onnx, String name) {
    DeviceModel graph = DeviceModel.of(onnx, name);
    assertEquals(half ? "fp16" : "fp32", graph.precision());
    graphs++;
    return new HostFunctionEngine(
        new OrtEngine(graph.onnx(), name, 1), graph.inputs(1), graph.outputs(1), engine.openLanes);
  }

  /** How many graphs of gradients were put on it. */
  int graphs() {
    return graphs;
  }

  /** Batches that lanes of the detector were opened for. */
  Set<Integer> batches() {
    return engine.batches;
  }

  /** Lanes that are open now. */
  int openLanes() {
    return engine.openLanes.get();
  }
}
