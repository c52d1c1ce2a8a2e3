// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import dev.whybox.engine.Engine;
import dev.whybox.engine.Lane;
import dev.whybox.engine.LanePlan;
import dev.whybox.yolo.TargetScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private final List<Worker> workers = new ArrayList<>();
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

  /**
   * Sets how samples are spread over the CPU. The scores do not depend on it, but for rounding in
   * the engine.
   *
   * @param wanted the plan
   */
  public void use(LanePlan wanted) {
    if (wanted.equals(plan)) {
      return;
    }
    close();
    try {
      for (int i = 0; i < wanted.lanes(); i++) {
        workers.add(new Worker(wanted));
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
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Worker worker : workers) {
      running.add(worker.thread.submit(() -> worker.work(first, count, next, scores)));
    }
    return () -> await(running);
  }

  /** Waits for all, even where one fails: nobody may use a buffer that is about to be freed. */
  private static void await(List<Future<?>> running) {
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> future : running) {
      boolean done = false;
      while (!done) {
        try {
          future.get();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          done = true;
          failure = failure == null ? e.getCause() : failure;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
    workers.clear();
    plan = null;
  }

  /** A lane and its thread, which does one wave after the other. */
  private final class Worker {
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread lane = new Thread(task, "whybox-lane");
              lane.setDaemon(true);
              return lane;
            });
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

    /** Takes batches until none is left; a short last batch leaves old images in its tail. */
    void work(long first, int count, AtomicInteger next, float[] scores) {
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

    /** Lets the waves end that were started: their thread is the last to touch the buffers. */
    void close() {
      await(List.of(thread.submit(lane::close)));
      thread.shutdown();
    }
  }
}
