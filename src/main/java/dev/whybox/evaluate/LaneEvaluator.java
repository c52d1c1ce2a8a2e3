// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.LanePlan;
import dev.whybox.error.Resources;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;

/** What evaluators have in common: workers, one per lane, made anew where the plan changes. */
abstract class LaneEvaluator implements Evaluator {
  final Scene scene;
  final Masks masks;
  final Score scorer;
  private final LaneWorkers workers = new LaneWorkers();
  private LanePlan plan;

  LaneEvaluator(Scene scene, Masks masks, Score scorer) {
    this.scene = scene;
    this.masks = masks;
    this.scorer = scorer;
  }

  /** Makes what all workers share; comes before the first worker of a plan. */
  abstract void prepare();

  /** Makes a worker. */
  abstract LaneWorkers.Worker worker(LanePlan wanted);

  /** Frees what {@link #prepare} made, if it did; comes after the last worker. */
  abstract void release();

  @Override
  public final void use(LanePlan wanted) {
    if (wanted.equals(plan)) {
      return;
    }
    close();
    try {
      prepare();
      for (int i = 0; i < wanted.lanes(); i++) {
        workers.add(worker(wanted));
      }
    } catch (RuntimeException | Error e) {
      Resources.closeAfter(e, this);
      throw e;
    }
    plan = wanted;
  }

  @Override
  public final int targets() {
    return scorer.targets();
  }

  @Override
  public final Wave start(long first, int count, float[] scores) {
    return workers.start(first, count, scores);
  }

  @Override
  public final void close() {
    plan = null;
    try {
      workers.close();
    } finally {
      release();
    }
  }
}
