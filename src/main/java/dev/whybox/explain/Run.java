// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.Budget;
import dev.whybox.Explanation;
import dev.whybox.Explanation.Stop;
import dev.whybox.ProgressListener;
import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.explain.Estimator.References;
import dev.whybox.image.Image;
import dev.whybox.perturb.CpuEvaluator;
import dev.whybox.perturb.Masks;
import dev.whybox.yolo.Agreement;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One call of an explainer: its wave loop and its state. For one thread at a time. */
final class Run {
  private final YoloModel model;
  private final Image image;
  private final List<Target> targets;
  private final Method method;
  private final Budget budget;
  private final Estimator estimator;
  private final long start;
  private final Pace pace;
  private References references;
  private long done;

  Run(
      YoloModel model,
      Image image,
      List<Target> targets,
      Method method,
      Budget budget,
      Estimator estimator,
      Pace pace,
      long start) {
    this.model = model;
    this.image = image;
    this.targets = targets;
    this.method = method;
    this.budget = budget;
    this.estimator = estimator;
    this.start = start;
    this.pace = pace;
  }

  List<Explanation> loop(
      CpuEvaluator evaluator, ProgressListener listener, BooleanSupplier cancelled) {
    int count = targets.size();
    evaluator.use(pace.plan());
    float[] both = new float[2 * count];
    evaluator.scores(Masks.FULL, 2, both);
    references =
        new References(Arrays.copyOf(both, count), Arrays.copyOfRange(both, count, 2 * count));
    float[] scores = new float[0];
    Report report = new Report();
    Stop stop = Stop.SAMPLES;
    while (done < estimator.samples()) {
      if (report.cancelled || cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        stop = Stop.CANCELLED;
        break;
      }
      int wave = pace.next(done, seconds());
      if (wave == 0) {
        stop = Stop.DEADLINE;
        break;
      }
      if (scores.length < wave * count) {
        scores = new float[wave * count];
      }
      evaluator.use(pace.plan());
      long before = System.nanoTime();
      evaluator.scores(done, wave, scores);
      pace.took(wave, (System.nanoTime() - before) * 1e-9);
      estimator.accept(done, wave, scores);
      done += wave;
      listener.onProgress(report);
    }
    if (stop == Stop.DEADLINE && done == 0) {
      throw new BadArgument(
          "The deadline of "
              + budget.deadline().toMillis()
              + " ms leaves no time for a sample: the image, its baseline and their scores alone"
              + " took "
              + Math.round(seconds() * 1000)
              + " ms. Give more time, or call once before with a longer deadline, to warm up.");
    }
    return explanations(stop);
  }

  private double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  private List<Explanation> explanations(Stop stop) {
    List<Estimator.Estimate> estimates = estimator.estimate(references);
    int extra = method.agreement() == Agreement.PROBABILITY ? 2 : 3;
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    List<Explanation> result = new ArrayList<>();
    for (int t = 0; t < targets.size(); t++) {
      result.add(
          new Explanation(
              image,
              model.info(),
              model.engine().info(),
              targets.get(t),
              method,
              budget.seed(),
              (int) done,
              (int) done + extra,
              elapsed,
              stop,
              references.full()[t],
              references.empty()[t],
              estimates.get(t).fit(),
              estimates.get(t).attribution()));
    }
    return List.copyOf(result);
  }

  private final class Report implements ProgressListener.Progress {
    private boolean cancelled;

    @Override
    public long done() {
      return done;
    }

    @Override
    public long planned() {
      return estimator.samples();
    }

    @Override
    public Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
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
}
