// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.evaluate;

import dev.whybox.engine.Engine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.LanePlan;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.Score;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a model on the host. Every lane has a thread that paints a batch straight into the engine's
 * input, runs it and scores it. While one lane paints, the others compute, so painting and scoring
 * hide behind the forwards without a pipeline of their own.
 */
public final class CpuEvaluator extends LaneEvaluator {
  private final Engine engine;

  /**
   * An evaluator without lanes; {@link #use} comes before the first score.
   *
   * @param engine the engine
   * @param scene the image and its baseline
   * @param masks which pixels keep their colour
   * @param scorer the targets
   */
  public CpuEvaluator(Engine engine, Scene scene, Masks masks, Score scorer) {
    super(scene, masks, scorer);
    this.engine = engine;
  }

  /** Workers share nothing. */
  @Override
  void prepare() {}

  /** The scores do not depend on the plan, but for rounding in the engine. */
  @Override
  LaneWorkers.Worker worker(LanePlan wanted) {
    return new Worker(wanted);
  }

  @Override
  void release() {}

  /** A lane and what fills and reads it. */
  private final class Worker implements LaneWorkers.Worker {
    private final Lane lane;
    private final List<FloatBuffer> outputs;
    private final Masks.Painter painter = masks.painter(scene);
    private final Score.Scratch scratch = scorer.scratch();

    Worker(LanePlan plan) {
      this.lane =
          engine.lane(
              plan.batch(),
              scene.letterbox().inputHeight(),
              scene.letterbox().inputWidth(),
              scorer.outputs(),
              plan.threads());
      this.outputs = lane.outputs();
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
          scratch.score(outputs, i, scores, (start + i) * targets());
        }
      }
    }

    @Override
    public void close() {
      lane.close();
    }
  }
}
