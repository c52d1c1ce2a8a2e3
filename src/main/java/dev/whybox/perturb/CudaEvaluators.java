// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.Kernels;
import dev.whybox.engine.EngineInfo;
import dev.whybox.yolo.TargetScorer;

/** Evaluators on a GPU. */
public final class CudaEvaluators implements Evaluators {
  /** While one stream's scores come back, the other computes. */
  private static final int STREAMS = 2;

  private final CudaDevice device;
  private final Kernels kernels;
  private final DeviceEngine engine;

  /**
   * Takes ownership of what it is given.
   *
   * @param device the GPU
   * @param kernels Whybox's kernels on it
   * @param engine the model on it
   */
  public CudaEvaluators(CudaDevice device, Kernels kernels, DeviceEngine engine) {
    this.device = device;
    this.kernels = kernels;
    this.engine = engine;
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public int batch() {
    return engine.batch();
  }

  @Override
  public int lanes() {
    return STREAMS;
  }

  @Override
  public Evaluator of(Scene scene, Masks masks, TargetScorer scorer) {
    return new CudaEvaluator(device, kernels, engine, scene, masks, scorer);
  }

  @Override
  public void close() {
    engine.close();
    kernels.close();
    device.close();
  }
}
