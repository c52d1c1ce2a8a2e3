// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.KernelModule;
import dev.whybox.engine.LanePlan;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs a model on a GPU. Image, segments and targets are copied to it once; each lane of the plan
 * is a stream with buffers of its own, so while one batch's scores come back the next one computes.
 */
public final class CudaEvaluator extends LaneEvaluator {
  private final CudaDevice device;
  private final KernelModule kernels;
  private final DeviceEngine engine;
  private final List<String> plainReasons = new ArrayList<>();
  private CudaScene uploaded;

  /**
   * An evaluator without buffers; {@link #use} comes before the first score.
   *
   * @param device the GPU
   * @param kernels Whybox's kernels on it
   * @param engine the model on it
   * @param scene the image and its baseline
   * @param masks which pixels keep their colour: segments or RISE
   * @param scorer the targets
   */
  public CudaEvaluator(
      CudaDevice device,
      KernelModule kernels,
      DeviceEngine engine,
      Scene scene,
      Masks masks,
      Score scorer) {
    super(scene, masks, scorer);
    this.device = device;
    this.kernels = kernels;
    this.engine = engine;
  }

  @Override
  void prepare() {
    device.use();
    uploaded = new CudaScene(device, scene, masks, scorer);
  }

  @Override
  LaneWorkers.Worker worker(LanePlan wanted) {
    CudaWorker worker = new CudaWorker(device, kernels, engine, uploaded, wanted.batch());
    plainReasons.add(worker.plainReason());
    return worker;
  }

  /**
   * Why batches are put on the GPU call by call, where they can't be recorded and replayed.
   *
   * @return what the driver said, or null where they are replayed
   */
  public String plainReason() {
    return plainReasons.stream().filter(Objects::nonNull).findFirst().orElse(null);
  }

  @Override
  void release() {
    plainReasons.clear();
    if (uploaded != null) {
      uploaded.close();
      uploaded = null;
    }
  }
}
