// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.Budget;
import dev.whybox.Explanation;
import dev.whybox.Explanation.Stop;
import dev.whybox.ProgressListener;
import dev.whybox.WhyboxException.BadArgument;
import dev.whybox.engine.Lane;
import dev.whybox.engine.LanePlan;
import dev.whybox.engine.PlanSearch;
import dev.whybox.explain.Estimator.References;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.perturb.AllCoalitions;
import dev.whybox.perturb.CpuEvaluator;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.RiseMasks;
import dev.whybox.perturb.Scene;
import dev.whybox.perturb.SegmentMasks;
import dev.whybox.perturb.Segmentation;
import dev.whybox.perturb.Segments;
import dev.whybox.perturb.ShapleyCoalitions;
import dev.whybox.perturb.UniformCoalitions;
import dev.whybox.yolo.Agreement;
import dev.whybox.yolo.Box;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.YoloModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Runs a black-box method: masks → evaluator → estimator, wave by wave, all targets in one pass.
 * Safe to share between threads.
 */
public final class Explainer {
  /** More segments would make the fit cost more than the forwards. */
  static final int MAX_PLAYERS = 1024;

  private final YoloModel model;
  private final int threads;
  private final int batch;
  private final AtomicReference<LanePlan> plan = new AtomicReference<>();

  /**
   * An explainer for a model.
   *
   * @param model the model
   * @param threads threads for inference, at least 1
   * @param batch images a run, or 0 to choose by measuring
   */
  public Explainer(YoloModel model, int threads, int batch) {
    this.model = model;
    this.threads = threads;
    this.batch = model.info().batch() > 0 ? model.info().batch() : batch;
  }

  /**
   * Explains targets of one image.
   *
   * @param image the image
   * @param targets at least one, checked
   * @param method the method
   * @param budget what it may cost
   * @param listener hears of every wave
   * @param cancelled asked before every wave
   * @return one explanation a target
   */
  public List<Explanation> explain(
      Image image,
      List<Target> targets,
      Method method,
      Budget budget,
      ProgressListener listener,
      BooleanSupplier cancelled) {
    long start = System.nanoTime();
    Letterbox letterbox =
        Letterbox.of(
            image.width(), image.height(), model.info().inputWidth(), model.info().inputHeight());
    Image content = letterbox.content(image);
    Box frame =
        new Box(
            letterbox.left(),
            letterbox.top(),
            letterbox.left() + letterbox.contentWidth(),
            letterbox.top() + letterbox.contentHeight());
    List<Box> boxes = targets.stream().map(target -> letterbox.toInput(target.box())).toList();
    List<Box> contentBoxes =
        boxes.stream()
            .map(
                b ->
                    new Box(
                        b.x1() - frame.x1(),
                        b.y1() - frame.y1(),
                        b.x2() - frame.x1(),
                        b.y2() - frame.y1()))
            .toList();
    Image absent = method.baseline().of(content, contentBoxes, budget.seed());
    Scene scene = Scene.of(letterbox, content, absent);
    Game game = game(method, content, targets.size(), budget);
    TargetScorer scorer = scorer(scene, game.masks(), targets, boxes, frame, method.agreement());
    try (CpuEvaluator evaluator = new CpuEvaluator(model.engine(), scene, game.masks(), scorer)) {
      Run run = new Run(image, targets, method, budget, game.estimator(), start);
      return run.loop(evaluator, listener, cancelled);
    }
  }

  /** Masks and the estimator that understands their scores. */
  private record Game(Masks masks, Estimator estimator) {}

  private static Game game(Method method, Image content, int targets, Budget budget) {
    long seed = budget.seed();
    int samples = budget.samples() > 0 ? budget.samples() : method.defaultSamples();
    if (method instanceof DRise rise) {
      RiseMasks masks =
          new RiseMasks(content.width(), content.height(), rise.grid(), rise.keep(), seed);
      return new Game(masks, new RiseEstimator(masks, targets, samples));
    }
    if (method instanceof Lime lime) {
      Segments segments = segments(lime.segmentation(), content);
      UniformCoalitions design = new UniformCoalitions(segments.count(), seed);
      return new Game(
          new SegmentMasks(segments, design),
          new LimeEstimator(lime, segments, design, targets, samples));
    }
    Segments segments = segments(((Shap) method).segmentation(), content);
    int players = segments.count();
    long all = players <= Shap.EXACT_PLAYERS ? (1L << players) - 2 : Long.MAX_VALUE;
    if (players <= Shap.EXACT_PLAYERS && (budget.samples() == 0 || budget.samples() >= all)) {
      AllCoalitions design = new AllCoalitions(players);
      return new Game(
          new SegmentMasks(segments, design), ShapEstimator.exact(segments, design, targets));
    }
    ShapleyCoalitions design = new ShapleyCoalitions(players, seed);
    return new Game(
        new SegmentMasks(segments, design),
        ShapEstimator.sampled(segments, design, targets, samples));
  }

  private static Segments segments(Segmentation segmentation, Image content) {
    Segments segments = segmentation.of(content);
    if (segments.count() > MAX_PLAYERS) {
      throw new BadArgument(
          "LIME and SHAP take up to "
              + MAX_PLAYERS
              + " segments; "
              + segmentation
              + " gives "
              + segments.count()
              + ". Take a coarser segmentation, or d-rise.");
    }
    return segments;
  }

  private TargetScorer scorer(
      Scene scene,
      Masks masks,
      List<Target> targets,
      List<Box> boxes,
      Box frame,
      Agreement agreement) {
    if (agreement == Agreement.PROBABILITY) {
      return TargetScorer.of(model, targets, boxes, frame, agreement, null);
    }
    try (Lane lane =
        model
            .engine()
            .lane(
                Math.max(1, model.info().batch()),
                model.info().inputHeight(),
                model.info().inputWidth(),
                threads)) {
      masks.painter(scene).paint(Masks.FULL, lane.input(), 0);
      lane.run();
      return TargetScorer.of(model, targets, boxes, frame, agreement, lane.output());
    }
  }

  /** One call's state. */
  private final class Run {
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
        Image image,
        List<Target> targets,
        Method method,
        Budget budget,
        Estimator estimator,
        long start) {
      this.image = image;
      this.targets = targets;
      this.method = method;
      this.budget = budget;
      this.estimator = estimator;
      this.start = start;
      this.pace =
          new Pace(
              estimator.samples(),
              budget.deadline() == null
                  ? Double.POSITIVE_INFINITY
                  : budget.deadline().toNanos() * 1e-9,
              plan,
              new PlanSearch(threads, batch),
              new LanePlan(1, threads, Math.max(1, batch)));
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
        if (report.cancelled
            || cancelled.getAsBoolean()
            || Thread.currentThread().isInterrupted()) {
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
}
