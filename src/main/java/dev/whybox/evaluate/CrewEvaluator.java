// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.LanePlan;
import dev.whybox.error.Resources;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;

/**
 * What evaluators have in common: a crew with a worker a lane, made anew where the plan changes.
 */
abstract class CrewEvaluator implements Evaluator {
  final Scene scene;
  final Masks masks;
  final Score scorer;
  private final Crew crew = new Crew();
  private LanePlan plan;

  CrewEvaluator(Scene scene, Masks masks, Score scorer) {
    this.scene = scene;
    this.masks = masks;
    this.scorer = scorer;
  }

  /** Makes what all workers share; comes before the first worker of a plan. */
  abstract void prepare();

  /** Makes a worker. */
  abstract Crew.Worker worker(LanePlan wanted);

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
        crew.add(worker(wanted));
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
    return crew.start(first, count, scores);
  }

  @Override
  public final void close() {
    plan = null;
    try {
      crew.close();
    } finally {
      release();
    }
  }
}
