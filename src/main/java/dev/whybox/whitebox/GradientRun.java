// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import dev.whybox.engine.Turns.Turn;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.explain.RunContext.TargetResult;
import dev.whybox.explain.RunProgress;
import dev.whybox.explain.Scores;
import dev.whybox.gradient.GradientModels.Key;
import dev.whybox.gradient.GradientPass;
import dev.whybox.gradient.GradientPass.Question;
import dev.whybox.whitebox.GradientEstimator.Estimate;
import dev.whybox.yolo.Head;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** One call of a white-box method: its samples, one after another. For one thread at a time. */
final class GradientRun extends RunProgress {
  private final RunContext context;
  private final List<Subject> subjects;
  private final List<Share> shares;
  private final Opener opener;
  private final GradientPlan plan;
  private final Head head;
  private long done;

  /**
   * A target, and where to look for its reasons.
   *
   * @param method the method with the layers of this target
   * @param sources the tensors to differentiate at for this target
   * @param question the element to differentiate, with its scale, found as it goes
   * @param score the target's score, or NaN where the logit will tell
   * @param forwards plain forward passes that it took to prepare
   */
  record Subject(
      Target target,
      WhiteBox method,
      List<String> sources,
      Question question,
      float score,
      int forwards) {}

  /**
   * Targets that share a run.
   *
   * @param key the graph
   * @param members their numbers among all
   */
  record Share(Key key, List<Integer> members) {}

  /** Opens what a share is run with. */
  @FunctionalInterface
  interface Opener {
    GradientPass open(Key key, List<Integer> counts);
  }

  GradientRun(
      RunContext context,
      List<Subject> subjects,
      List<Share> shares,
      Opener opener,
      GradientPlan plan,
      Head head) {
    super(context);
    this.head = head;
    this.context = context;
    this.subjects = subjects;
    this.shares = shares;
    this.opener = opener;
    this.plan = plan;
  }

  List<Explanation> loop(Turn turn, ProgressListener listener, BooleanSupplier closed) {
    float[] planes = new float[3 * context.model().inputHeight() * context.model().inputWidth()];
    Stop stop = null;
    long slowest = 0;
    while (stop == null) {
      long before = System.nanoTime();
      plan.painter().paint(done, planes);
      for (Share share : shares) {
        run(share, planes);
      }
      done++;
      // The first one is slower than the others; it counts as long as nothing else is known.
      long took = System.nanoTime() - before;
      slowest = done <= 2 ? took : Math.max(slowest, took);
      turn.without(() -> listener.onProgress(this));
      stop = stop(closed, slowest);
    }
    return explanations(stop);
  }

  /** One sample of some targets. The pass is given back, so that others of its kind reuse it. */
  private void run(Share share, float[] planes) {
    List<Question> questions =
        share.members().stream().map(member -> subjects.get(member).question()).toList();
    List<Integer> counts =
        share.key().targets().stream()
            .map(target -> (int) questions.stream().filter(q -> q.target().equals(target)).count())
            .toList();
    try (GradientPass pass = opener.open(share.key(), counts)) {
      pass.image().put(0, planes);
      pass.run(questions);
      for (int row = 0; row < questions.size(); row++) {
        int member = share.members().get(row);
        List<String> sources = subjects.get(member).sources();
        plan.estimators().get(member).accept(pass.row(questions.get(row), row, sources));
      }
    }
  }

  private Stop stop(BooleanSupplier closed, long nanos) {
    if (done == plan.samples()
        || plan.estimators().stream().allMatch(GradientEstimator::satisfied)) {
      return Stop.SAMPLES;
    }
    if (done < plan.least()) {
      return null;
    }
    if (cancelled() || closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
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
              OptionalDouble.of(Float.isNaN(score) ? head.probability(estimate.full()) : score),
              known(head.probability(estimate.empty())));
      TargetResult found =
          new TargetResult(
              scores,
              estimate.attribution(),
              new Differentiated(known(estimate.gap()), subject.question().scale().factor()));
      result.add(
          context.explanation(
              subject.target(), subject.method(), done, done + subject.forwards(), stop, found));
    }
    return List.copyOf(result);
  }

  private static OptionalDouble known(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
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
  public List<Explanation> partial() {
    return explanations(Stop.RUNNING);
  }
}
