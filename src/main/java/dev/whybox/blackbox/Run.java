// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.Estimator.Outlook;
import dev.whybox.blackbox.Estimator.References;
import dev.whybox.engine.Turns.Turn;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.error.WhyboxException.EngineFailure;
import dev.whybox.evaluate.Evaluator;
import dev.whybox.explain.Estimation;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.explain.RunContext.TargetResult;
import dev.whybox.explain.RunProgress;
import dev.whybox.explain.Scores;
import dev.whybox.perturb.Masks;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetSimilarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** One call of an explainer: its wave loop and its state. For one thread at a time. */
final class Run {
  /** Fractions of the deadline at which the cost of the final estimate is measured. */
  private static final double[] RESERVE_AFTER = {0.25, 0.5};

  private final RunContext context;
  private final List<Target> targets;
  private final BlackBox method;
  private final Estimator estimator;
  private final WaveScheduler pace;
  private final Turn processors;

  /** Passes forward and back that came before. */
  private final int passes;

  private References references;
  private final float[][] buffers = new float[2][0];
  private int turn;
  private long started;
  private double finished;
  private Stop stop;
  private int reserved;
  private boolean enough;
  private long done;

  Run(
      RunContext context,
      List<Target> targets,
      BlackBox method,
      Estimator estimator,
      WaveScheduler pace,
      Turn processors,
      int passes) {
    this.context = context;
    this.targets = targets;
    this.method = method;
    this.estimator = estimator;
    this.pace = pace;
    this.processors = processors;
    this.passes = passes;
    if (estimator.ready() < estimator.samples()) {
      // Waves that must be awaited are too short to tell plans apart.
      pace.settle();
    }
  }

  List<Explanation> loop(
      Evaluator evaluator, ProgressListener listener, BooleanSupplier cancelled) {
    Progress report = new Progress();
    Started running = null;
    while (true) {
      try {
        // While the plan is being found each wave is measured alone; then the next one starts
        // before the last one ends, so that no lane waits.
        boolean overlap = running != null && pace.steady() && processors.waiting() == 0;
        Started following = overlap ? start(evaluator, report, cancelled, running) : null;
        if (running != null) {
          finish(running);
          processors.without(() -> listener.onProgress(report));
          share(following == null);
        }
        running = following == null ? start(evaluator, report, cancelled, null) : following;
      } catch (EngineFailure e) {
        // A plan that was only tried may ask too much of the model or of the memory.
        if (!pace.reject()) {
          throw e;
        }
        started = done;
        running = null;
        continue;
      }
      if (running == null) {
        break;
      }
    }
    if (stop == Stop.DEADLINE && done == 0) {
      throw tooShort();
    }
    return explanations(stop);
  }

  /**
   * Lets others run between two waves. Not before the first sample, and not where the deadline is
   * so near that the time of the others would be the end of this run.
   *
   * @param idle whether no wave runs
   */
  private void share(boolean idle) {
    int others = processors.waiting();
    pace.share(others > 0);
    if (idle && others > 0 && done > 0 && left() > (others + 2) * pace.shortest()) {
      processors.pass();
    }
  }

  private DeadlineTooShort tooShort() {
    String took =
        references == null
            ? "preparing the image took %d ms, and a sample takes %d ms"
                .formatted(Math.round(seconds() * 1000), Math.round(pace.secondsPerImage() * 1000))
            : "preparing the image and scoring it and its baseline took %d ms"
                .formatted(Math.round(seconds() * 1000));
    return new DeadlineTooShort(
        "The deadline of %d ms leaves no time for a sample: %s. Give more time, or name a fallback."
            .formatted(context.budget().deadline().toMillis(), took));
  }

  /** A wave that runs; the first one begins with the full image and the baseline. */
  private record Started(Evaluator.Wave wave, int samples, int images, float[] scores, double at) {}

  /**
   * Starts the next wave.
   *
   * @param running the wave before, where it still runs
   * @return null where there is none; then {@link #stop} says why
   */
  private Started start(
      Evaluator evaluator, Progress report, BooleanSupplier cancelled, Started running) {
    if (stop != null) {
      return null;
    }
    if (enough) {
      stop = Stop.ACCURACY;
      return null;
    }
    long ready = estimator.ready();
    if (running != null && started == ready && ready < estimator.samples()) {
      return null;
    }
    int extra = references == null && running == null ? 2 : 0;
    boolean ends =
        report.ends() || cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
    evaluator.use(pace.plan());
    double ahead = running == null ? 0 : remaining(running);
    int wave = ends ? 0 : pace.next(started, extra, seconds() + ahead);
    wave = (int) Math.min(wave, ready - started);
    // Where it is known that there is no time, the scores of the image and its baseline are no use.
    boolean hopeless = !ends && !Double.isNaN(pace.secondsPerImage());
    if (wave == 0 && (extra == 0 || hopeless)) {
      stop = started == estimator.samples() ? Stop.SAMPLES : ends ? Stop.CANCELLED : Stop.DEADLINE;
      return null;
    }
    int images = wave + extra;
    float[] scores = buffer(images * targets.size());
    double at = seconds();
    Evaluator.Wave begun = evaluator.start(extra > 0 ? Masks.FULL : started, images, scores);
    started += wave;
    return new Started(begun, wave, images, scores, at);
  }

  /**
   * How long a wave will still take. It began when it was started, or when the one before ended.
   */
  private double remaining(Started running) {
    return pace.remaining(running.images(), seconds() - Math.max(running.at(), finished));
  }

  /** Two waves run at most, so two buffers do, one after the other. */
  private float[] buffer(int size) {
    turn = 1 - turn;
    if (buffers[turn].length < size) {
      buffers[turn] = new float[size];
    }
    return buffers[turn];
  }

  private void finish(Started wave) {
    wave.wave().await();
    double now = seconds();
    pace.took(wave.images(), now - Math.max(wave.at(), finished));
    finished = now;
    float[] scores = wave.scores();
    if (references == null) {
      int count = targets.size();
      references =
          new References(
              Arrays.copyOf(scores, count), Arrays.copyOfRange(scores, count, 2 * count));
      scores = Arrays.copyOfRange(scores, 2 * count, scores.length);
    }
    estimator.accept(done, wave.samples(), scores);
    done += wave.samples();
    reserve();
    while (!enough
        && done > 0
        && done >= estimator.checkpoint()
        && estimator.ready() < estimator.samples()) {
      enough = !estimator.advance(references, new Outlook(pace.secondsPerImage(), left()));
    }
  }

  /** Until the deadline, less what is kept for the estimate. */
  private double left() {
    return context.left() - pace.reserved();
  }

  /** Before a deadline, finds out what the estimate itself takes, and keeps that time for it. */
  private void reserve() {
    if (context.budget().deadline() == null || reserved == RESERVE_AFTER.length) {
      return;
    }
    double deadline = context.budget().deadline().toNanos() * 1e-9;
    double part = RESERVE_AFTER[reserved];
    double before = seconds();
    if (before > part * deadline) {
      while (reserved < RESERVE_AFTER.length && before > RESERVE_AFTER[reserved] * deadline) {
        reserved++;
      }
      explanations(Stop.RUNNING);
      // It grows with the samples, which may still become as many times more.
      pace.reserve((seconds() - before) * Math.max(1, Math.min(1 / part, deadline / before)));
    }
  }

  private double seconds() {
    return context.elapsed().toNanos() * 1e-9;
  }

  private List<Explanation> explanations(Stop stop) {
    List<Estimator.Estimate> estimates = estimator.estimate(references);
    int extra = passes + (method.similarity() == TargetSimilarity.PROBABILITY ? 2 : 3);
    List<Explanation> result = new ArrayList<>();
    for (int t = 0; t < targets.size(); t++) {
      result.add(
          context.explanation(
              targets.get(t),
              method,
              done,
              done + extra,
              stop,
              result(t, estimates.get(t), estimator.estimation())));
    }
    return List.copyOf(result);
  }

  private TargetResult result(
      int target, Estimator.Estimate estimate, Optional<Estimation> estimation) {
    Scores scores =
        new Scores(
            OptionalDouble.of(references.full()[target]),
            OptionalDouble.of(references.empty()[target]));
    return new TargetResult(
        scores, estimate.attribution(), new Sampled(estimate.fit(), estimation));
  }

  /**
   * The values of another method from the same scores, once the loop has ended.
   *
   * @return one per target; empty where the estimator predicts no scores
   */
  List<Explanation> predicted(FromSurrogate other) {
    Optional<SurrogateModel> surrogate = estimator.surrogate(references);
    if (surrogate.isEmpty()) {
      return List.of();
    }
    long samples = surrogate.get().samples();
    List<Estimator.Estimate> estimates = other.estimate(surrogate.get(), context.budget().seed());
    Optional<Estimation> estimation =
        estimator.estimation().map(own -> own.sharedWith(method.name(), samples));
    List<Explanation> result = new ArrayList<>();
    for (int t = 0; t < targets.size(); t++) {
      TargetResult found = result(t, estimates.get(t), estimation);
      result.add(context.explanation(targets.get(t), other, samples, 0, stop, found));
    }
    return List.copyOf(result);
  }

  private final class Progress extends RunProgress {
    Progress() {
      super(context);
    }

    boolean ends() {
      return cancelled();
    }

    @Override
    public long done() {
      return done;
    }

    @Override
    public long planned() {
      return estimator.samples();
    }

    @Override
    public List<Explanation> partial() {
      return explanations(Stop.RUNNING);
    }
  }
}
