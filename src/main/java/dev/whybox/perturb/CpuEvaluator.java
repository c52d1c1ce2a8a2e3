// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.engine.Engine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.LanePlan;
import dev.whybox.yolo.TargetScorer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a model on the host. Every lane has a thread that paints a batch straight into the engine's
 * input, runs it and scores it. While one lane paints, the others compute, so painting and scoring
 * hide behind the forwards without a pipeline of their own.
 */
public final class CpuEvaluator implements Evaluator {
  private final Engine engine;
  private final Scene scene;
  private final Masks masks;
  private final TargetScorer scorer;
  private final Crew crew = new Crew();
  private LanePlan plan;

  /**
   * An evaluator without lanes; {@link #use} comes before the first score.
   *
   * @param engine the engine
   * @param scene the image and its baseline
   * @param masks which pixels keep their colour
   * @param scorer the targets
   */
  public CpuEvaluator(Engine engine, Scene scene, Masks masks, TargetScorer scorer) {
    this.engine = engine;
    this.scene = scene;
    this.masks = masks;
    this.scorer = scorer;
  }

  /** The scores do not depend on the plan, but for rounding in the engine. */
  @Override
  public void use(LanePlan wanted) {
    if (wanted.equals(plan)) {
      return;
    }
    close();
    try {
      for (int i = 0; i < wanted.lanes(); i++) {
        crew.add(new Worker(wanted));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    plan = wanted;
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
    crew.close();
    plan = null;
  }

  /** A lane and what fills and reads it. */
  private final class Worker implements Crew.Worker {
    private final Lane lane;
    private final Masks.Painter painter = masks.painter(scene);
    private final TargetScorer.Scratch scratch = scorer.scratch();

    Worker(LanePlan plan) {
      this.lane =
          engine.lane(
              plan.batch(),
              scene.letterbox().inputHeight(),
              scene.letterbox().inputWidth(),
              plan.threads());
    }

    /** A short last batch leaves old images in its tail. */
    @Override
    public void work(long first, int count, AtomicInteger next, float[] scores) {
      int batch = lane.batch();
      for (int start = next.getAndAdd(batch); start < count; start = next.getAndAdd(batch)) {
        int images = Math.min(batch, count - start);
        for (int i = 0; i < images; i++) {
          painter.paint(first + start + i, lane.input(), i * scene.size());
        }
        lane.run();
        for (int i = 0; i < images; i++) {
          scratch.score(lane.output(), i, scores, (start + i) * targets());
        }
      }
    }

    @Override
    public void close() {
      lane.close();
    }
  }
}
