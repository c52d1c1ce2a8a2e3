// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.engine.Engine;
import dev.whybox.engine.EngineInfo;
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
  public Evaluator of(Scene scene, Masks masks, TargetScorer scorer) {
    return new CpuEvaluator(engine, scene, masks, scorer);
  }

  @Override
  public void close() {}
}
