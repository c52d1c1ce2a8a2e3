// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.cuda.CudaDevice;
import dev.whybox.cuda.DeviceEngine;
import dev.whybox.cuda.Kernels;
import dev.whybox.engine.LanePlan;
import dev.whybox.yolo.TargetScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs a model on a GPU. Image, segments and targets are copied to it once; each lane of the plan
 * is a stream with buffers of its own, so while one batch's scores come back the next one computes.
 */
public final class CudaEvaluator implements Evaluator {
  private final CudaDevice device;
  private final Kernels kernels;
  private final DeviceEngine engine;
  private final Scene scene;
  private final Masks masks;
  private final TargetScorer scorer;
  private final Crew crew = new Crew();
  private final List<String> plainReasons = new ArrayList<>();
  private CudaScene uploaded;
  private LanePlan plan;

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
      Kernels kernels,
      DeviceEngine engine,
      Scene scene,
      Masks masks,
      TargetScorer scorer) {
    this.device = device;
    this.kernels = kernels;
    this.engine = engine;
    this.scene = scene;
    this.masks = masks;
    this.scorer = scorer;
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.whybox.WhyboxException.EngineFailure where the GPU has too little memory, or fails
   */
  @Override
  public void use(LanePlan wanted) {
    if (wanted.equals(plan)) {
      return;
    }
    close();
    device.use();
    try {
      uploaded = new CudaScene(device, scene, masks, scorer);
      for (int i = 0; i < wanted.lanes(); i++) {
        CudaWorker worker = new CudaWorker(device, kernels, engine, uploaded, engine.batch());
        crew.add(worker);
        plainReasons.add(worker.plainReason());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    plan = wanted;
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
  public int targets() {
    return scorer.targets();
  }

  @Override
  public Wave start(long first, int count, float[] scores) {
    return crew.start(first, count, scores);
  }

  @Override
  public void close() {
    plan = null;
    plainReasons.clear();
    try {
      crew.close();
    } finally {
      if (uploaded != null) {
        uploaded.close();
        uploaded = null;
      }
    }
  }
}
