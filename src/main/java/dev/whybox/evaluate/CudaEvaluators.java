// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.KernelModule;
import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import dev.whybox.error.Resources;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;

/** Evaluators on a GPU. */
public final class CudaEvaluators implements Evaluators {
  /** While one stream's scores come back, the other computes. */
  private static final int STREAMS = 2;

  /** Any GPU is faster with this than one by one. */
  private static final int SMALLEST_BATCH = 4;

  private final CudaDevice device;
  private final KernelModule kernels;
  private final DeviceEngine engine;
  private final Engine host;
  private final boolean fixedBatch;
  private final Resources owned = new Resources();

  /**
   * Takes ownership of its arguments.
   *
   * @param device the GPU
   * @param kernels Whybox's kernels on it
   * @param engine the model on it
   * @param host the same, run from buffers of the host: for scores that no kernel computes. It is
   *     not owned
   * @param fixedBatch whether runs have the engine's largest batch; else the fastest up to that is
   *     found by measuring
   */
  public CudaEvaluators(
      CudaDevice device,
      KernelModule kernels,
      DeviceEngine engine,
      Engine host,
      boolean fixedBatch) {
    this.device = device;
    this.kernels = kernels;
    this.engine = engine;
    this.host = host;
    this.fixedBatch = fixedBatch;
    owned.add(device);
    owned.add(kernels);
    owned.add(engine);
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public PlanSearch search() {
    int largest = engine.batch();
    int smallest = fixedBatch ? largest : Math.min(SMALLEST_BATCH, largest);
    return PlanSearch.ofBatches(STREAMS, smallest, largest);
  }

  @Override
  public LanePlan simple() {
    return new LanePlan(STREAMS, 1, engine.batch());
  }

  @Override
  public Evaluator of(Scene scene, Masks masks, Score scorer) {
    return scorer.device().isPresent()
        ? new CudaEvaluator(device, kernels, engine, scene, masks, scorer)
        : new CpuEvaluator(host, scene, masks, scorer);
  }

  @Override
  public void close() {
    owned.close();
  }
}
