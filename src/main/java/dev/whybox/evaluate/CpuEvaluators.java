// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;
import dev.whybox.yolo.YoloModel;

/**
 * Evaluators on the host.
 *
 * @param engine runs the model; closing this leaves it open
 * @param batch images per run, or 0 where any number can be run
 * @param lanes threads for inference, at least 1
 */
public record CpuEvaluators(Engine engine, int batch, int lanes) implements Evaluators {

  /**
   * Evaluators of a model, whose own batch is taken where it is fixed.
   *
   * @param model the model; closing the evaluators leaves its engine open
   * @param threads threads for inference, at least 1
   * @param batch images per run, or 0 where any number can be run
   * @return the evaluators
   */
  public static CpuEvaluators of(YoloModel model, int threads, int batch) {
    int fixed = model.info().batch();
    return new CpuEvaluators(model.engine(), fixed > 0 ? fixed : batch, threads);
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public PlanSearch search() {
    return new PlanSearch(lanes, batch);
  }

  @Override
  public LanePlan simple() {
    return new LanePlan(1, lanes, Math.max(1, batch));
  }

  @Override
  public Evaluator of(Scene scene, Masks masks, Score scorer) {
    return new CpuEvaluator(engine, scene, masks, scorer);
  }

  @Override
  public void close() {}
}
