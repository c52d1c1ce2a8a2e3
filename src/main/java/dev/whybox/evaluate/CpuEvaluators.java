// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.TargetScorer;

/**
 * Evaluators on the host.
 *
 * @param engine runs the model; closing this leaves it open
 * @param batch images a run, or 0 where any number can be run
 * @param lanes threads for inference, at least 1
 */
public record CpuEvaluators(Engine engine, int batch, int lanes) implements Evaluators {
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
  public Evaluator of(Scene scene, Masks masks, TargetScorer scorer) {
    return new CpuEvaluator(engine, scene, masks, scorer);
  }

  @Override
  public void close() {}
}
