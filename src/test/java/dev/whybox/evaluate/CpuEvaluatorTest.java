// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.FakeEngine;
import dev.whybox.perturb.Masks;
import dev.whybox.yolo.TargetScorer;

class CpuEvaluatorTest extends EvaluatorContract {
  @Override
  Evaluator evaluator(FakeEngine engine, Masks masks, TargetScorer scorer, int batch) {
    return new CpuEvaluator(engine, scene, masks, scorer);
  }
}
