// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.Explanation;
import dev.whybox.Explanation.Stop;
import dev.whybox.ProgressListener;
import dev.whybox.explain.Course.Finding;
import dev.whybox.explain.GradientEstimator.Estimate;
import dev.whybox.graph.Origin;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One call of a white-box method: its samples, one after another. For one thread at a time. */
final class GradientRun implements ProgressListener.Progress {
  private final Course course;
  private final List<Subject> subjects;
  private final GradientPlan plan;
  private long done;
  private volatile boolean cancelled;

  /**
   * A target, and where to look for its reasons.
   *
   * @param method the method with the layers of this target
   * @param logit the element to differentiate
   * @param pass the graph to do it with, shared with other targets
   * @param scale what the cotangent is multiplied by, found as it goes
   * @param score the target's score, or NaN where the logit will tell
   * @param forwards plain forward passes that it took to prepare
   */
  record Subject(
      Target target,
      WhiteBox method,
      Origin logit,
      GradientPass pass,
      LossScale scale,
      float score,
      int forwards) {}

  GradientRun(Course course, List<Subject> subjects, GradientPlan plan) {
    this.course = course;
    this.subjects = subjects;
    this.plan = plan;
  }

  List<Explanation> loop(ProgressListener listener, BooleanSupplier closed) {
    float[] planes = new float[3 * course.model().inputHeight() * course.model().inputWidth()];
    Set<GradientPass> passes = new HashSet<>();
    subjects.forEach(subject -> passes.add(subject.pass()));
    Stop stop = null;
    long slowest = 0;
    while (stop == null) {
      long before = System.nanoTime();
      plan.painter().paint(done, planes);
      passes.forEach(pass -> pass.image().put(0, planes));
      for (int t = 0; t < subjects.size(); t++) {
        Subject subject = subjects.get(t);
        float logit = subject.pass().run(subject.logit().offset(), subject.scale());
        plan.estimators().get(t).accept(logit, subject.pass());
      }
      done++;
      // The first one is slower than the others; it counts as long as nothing else is known.
      long took = System.nanoTime() - before;
      slowest = done <= 2 ? took : Math.max(slowest, took);
      listener.onProgress(this);
      stop = stop(closed, slowest);
    }
    return explanations(stop);
  }

  private Stop stop(BooleanSupplier closed, long nanos) {
    if (done == plan.samples()
        || plan.estimators().stream().allMatch(GradientEstimator::satisfied)) {
      return Stop.SAMPLES;
    }
    if (done < plan.least()) {
      return null;
    }
    if (cancelled || closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      return Stop.CANCELLED;
    }
    Duration deadline = course.budget().deadline();
    boolean late = deadline != null && elapsed().plusNanos(nanos).compareTo(deadline) > 0;
    return late ? Stop.DEADLINE : null;
  }

  private List<Explanation> explanations(Stop stop) {
    List<Explanation> result = new ArrayList<>();
    for (int t = 0; t < subjects.size(); t++) {
      Subject subject = subjects.get(t);
      Estimate estimate = plan.estimators().get(t).estimate();
      float score = subject.score();
      Finding finding =
          new Finding(
              Float.isNaN(score) ? sigmoid(estimate.full()) : score,
              sigmoid(estimate.empty()),
              Double.NaN,
              estimate.gap(),
              subject.scale().factor(),
              estimate.attribution(),
              null);
      result.add(
          course.explanation(
              subject.target(), subject.method(), done, subject.forwards(), stop, finding));
    }
    return List.copyOf(result);
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Override
  public long done() {
    return done;
  }

  @Override
  public long planned() {
    return plan.samples();
  }

  @Override
  public Duration elapsed() {
    return course.elapsed();
  }

  @Override
  public List<Explanation> partial() {
    return explanations(Stop.RUNNING);
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
