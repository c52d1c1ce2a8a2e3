// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.explain.RunContext.TargetResult;
import dev.whybox.explain.Scores;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.LossScale;
import dev.whybox.graph.Origin;
import dev.whybox.whitebox.GradientEstimator.Estimate;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One call of a white-box method: its samples, one after another. For one thread at a time. */
final class GradientRun implements ProgressListener.Progress {
  private final RunContext context;
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

  GradientRun(RunContext context, List<Subject> subjects, GradientPlan plan) {
    this.context = context;
    this.subjects = subjects;
    this.plan = plan;
  }

  List<Explanation> loop(ProgressListener listener, BooleanSupplier closed) {
    float[] planes = new float[3 * context.model().inputHeight() * context.model().inputWidth()];
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
    Duration deadline = context.budget().deadline();
    boolean late = deadline != null && elapsed().plusNanos(nanos).compareTo(deadline) > 0;
    return late ? Stop.DEADLINE : null;
  }

  private List<Explanation> explanations(Stop stop) {
    List<Explanation> result = new ArrayList<>();
    for (int t = 0; t < subjects.size(); t++) {
      Subject subject = subjects.get(t);
      Estimate estimate = plan.estimators().get(t).estimate();
      float score = subject.score();
      Scores scores =
          new Scores(
              OptionalDouble.of(Float.isNaN(score) ? sigmoid(estimate.full()) : score),
              known(sigmoid(estimate.empty())));
      TargetResult found =
          new TargetResult(
              scores,
              estimate.attribution(),
              new Differentiated(known(estimate.gap()), subject.scale().factor()));
      result.add(
          context.explanation(
              subject.target(), subject.method(), done, done + subject.forwards(), stop, found));
    }
    return List.copyOf(result);
  }

  private static OptionalDouble known(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
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
    return context.elapsed();
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
