// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.blackbox.PictureCache.Picture;
import dev.whybox.engine.Lane;
import dev.whybox.engine.PlanSearch;
import dev.whybox.engine.Turns;
import dev.whybox.engine.Turns.Turn;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.evaluate.CpuEvaluators;
import dev.whybox.evaluate.Evaluator;
import dev.whybox.evaluate.Evaluators;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.image.Baseline;
import dev.whybox.image.Box;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import dev.whybox.image.Region;
import dev.whybox.perturb.Masks;
import dev.whybox.perturb.Scene;
import dev.whybox.yolo.DetectorPool.Known;
import dev.whybox.yolo.Rivals;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.TargetScorer;
import dev.whybox.yolo.TargetSimilarity;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs a black-box method: masks → evaluator → estimator, wave by wave, all targets in one pass.
 * Safe to share between threads.
 */
public final class Explainer {
  /** The usual confidence threshold of a detector. */
  private static final float ASKED = 0.25f;

  private final YoloModel model;
  private final Evaluators evaluators;
  private final int threads;
  private final PlanSearch search;
  private final Turns turns;
  private final BiFunction<Image, Float, Known> neighbours;
  private final RunTimes times = new RunTimes();
  private final Admission admission = new Admission(times);
  private final PictureCache pictures = new PictureCache();

  /**
   * An explainer for a model on the CPU, which knows of no objects beside the targets.
   *
   * @param model the model
   * @param threads threads for inference, at least 1
   * @param batch images per run, or 0 to choose by measuring
   */
  public Explainer(YoloModel model, int threads, int batch) {
    this(
        model,
        CpuEvaluators.of(model, threads, batch),
        threads,
        new Turns(),
        (image, confidence) -> new Known(List.of(), 0));
  }

  /**
   * An explainer for a model on any device.
   *
   * @param model the model, on the CPU
   * @param evaluators the same on the device; not closed by this
   * @param threads threads for work on the CPU, at least 1
   * @param turns who may use the processors
   * @param neighbours finds all objects of an image that score more than a number in [0,1], so that
   *     none speaks for another
   */
  @SuppressWarnings("exports") // for the hall, which opens the device; embedders use Whybox
  public Explainer(
      YoloModel model,
      Evaluators evaluators,
      int threads,
      Turns turns,
      BiFunction<Image, Float, Known> neighbours) {
    this.model = model;
    this.evaluators = evaluators;
    this.threads = threads;
    this.search = evaluators.search();
    this.turns = turns;
    this.neighbours = neighbours;
  }

  /**
   * Explains targets of one image.
   *
   * @param image the image
   * @param targets at least one, checked
   * @param method the method
   * @param budget the limits of the run
   * @param listener hears of every wave
   * @param cancelled asked before every wave
   * @return one explanation per target
   */
  public List<Explanation> explain(
      Image image,
      List<Target> targets,
      BlackBox method,
      Budget budget,
      ProgressListener listener,
      BooleanSupplier cancelled) {
    return explain(image, targets, method, List.of(), budget, listener, cancelled, List::of).get(0);
  }

  /**
   * Explains targets of one image, with the help of the gradient, and by other methods from the
   * same scores.
   *
   * @param image the image
   * @param targets at least one, checked
   * @param method the method
   * @param sharing which the method {@link BlackBox#predicts predicts}; may be empty
   * @param budget the limits of the run
   * @param listener hears of every wave
   * @param cancelled asked before every wave
   * @param saliency the gradient's size at every pixel of the content, a map per target, each
   *     counted as a forward; empty where there is none. Asked at most once, and only where it is
   *     of use
   * @return one explanation per target by the method, then by each that shares its scores; there
   *     empty where the estimator predicts no scores after all
   */
  public List<List<Explanation>> explain(
      Image image,
      List<Target> targets,
      BlackBox method,
      List<? extends FromSurrogate> sharing,
      Budget budget,
      ProgressListener listener,
      BooleanSupplier cancelled,
      Supplier<List<PixelValues>> saliency) {
    long start = System.nanoTime();
    budget.checkFor(method);
    RunContext context = new RunContext(model.info(), evaluators.info(), image, budget, start);
    double deadline = context.left();
    int width = evaluators.simple().width();
    try (Admission.Entry entry = admission.enter(method.toString(), deadline, width);
        Turn turn = turns.take(deadline)) {
      if (turn == null) {
        throw tooShort(context, "other calls had the processors for all that time");
      }
      return explain(context, targets, method, sharing, entry, turn, listener, cancelled, saliency);
    }
  }

  private List<List<Explanation>> explain(
      RunContext context,
      List<Target> targets,
      BlackBox method,
      List<? extends FromSurrogate> sharing,
      Admission.Entry entry,
      Turn turn,
      ProgressListener listener,
      BooleanSupplier cancelled,
      Supplier<List<PixelValues>> saliency) {
    Image image = context.image();
    Budget budget = context.budget();
    long began = System.nanoTime();
    AtomicInteger passes = new AtomicInteger();
    Supplier<List<PixelValues>> counted =
        () -> {
          List<PixelValues> maps = saliency.get();
          passes.addAndGet(maps.size());
          return maps;
        };
    Letterbox letterbox = model.info().letterbox(image);
    requireTime(context);
    Picture picture = pictures.of(image, letterbox);
    Image content = picture.content();
    Box frame = letterbox.toInput(new Box(0, 0, image.width(), image.height()));
    List<Region> regions =
        targets.stream().<Region>map(target -> target.region().toInput(letterbox)).toList();
    List<Box> contentBoxes =
        regions.stream()
            .map(region -> region.bounds().moved(-letterbox.left(), -letterbox.top()))
            .toList();
    requireTime(context);
    Baseline baseline = method.baseline();
    Scene scene = picture.scene(baseline, () -> baseline.of(content, contentBoxes, budget.seed()));
    requireTime(context);
    Plan plan =
        method.plan(
            new Setting(
                content,
                contentBoxes,
                counted,
                budget,
                threads,
                picture::segments,
                !sharing.isEmpty()));
    requireTime(context);
    TargetScorer scorer = scorer(scene, plan.masks(), targets, regions, frame, method.similarity());
    // A classifier has one candidate, which no other object can speak for.
    if (method.similarity() == TargetSimilarity.PROBABILITY && model.head().candidates() > 1) {
      Known others = neighbours.apply(image, least(targets));
      passes.addAndGet(others.forwards());
      scorer = scorer.without(Rivals.of(targets, others.detections(), letterbox));
    }
    try (Evaluator evaluator = evaluators.of(scene, plan.masks(), scorer)) {
      entry.prepared((System.nanoTime() - began) * 1e-9);
      WaveScheduler pace = pace(plan.estimator().samples(), budget);
      Run run =
          new Run(context, targets, method, plan.estimator(), pace, sharing, turn, passes.get());
      List<List<Explanation>> found = new ArrayList<>();
      found.add(run.loop(evaluator, listener, cancelled));
      sharing.forEach(other -> found.add(run.predicted(other)));
      return List.copyOf(found);
    }
  }

  /**
   * The score above which an object can speak for a target: that of a detection; the usual
   * threshold for a region that the user asks about.
   */
  private static float least(List<Target> targets) {
    float least = 1;
    for (Target target : targets) {
      float own = target instanceof Target.Found found ? found.detection().score() : ASKED;
      least = Math.min(least, own);
    }
    return least;
  }

  /** Ends a call whose time is up before it has begun to sample. */
  private static void requireTime(RunContext context) {
    if (context.left() <= 0) {
      throw tooShort(
          context,
          "preparing the image took longer, " + context.elapsed().toMillis() + " ms so far");
    }
  }

  private static DeadlineTooShort tooShort(RunContext context, String reason) {
    return new DeadlineTooShort(
        "The deadline of %s ms leaves no time for a sample: %s. Give more time, or name a fallback."
            .formatted(
                Admission.milliseconds(context.budget().deadline().toNanos() * 1e-9), reason));
  }

  private WaveScheduler pace(long samples, Budget budget) {
    double deadline =
        budget.deadline() == null ? Double.POSITIVE_INFINITY : budget.deadline().toNanos() * 1e-9;
    return new WaveScheduler(samples, deadline, search, evaluators.simple(), times);
  }

  private TargetScorer scorer(
      Scene scene,
      Masks masks,
      List<Target> targets,
      List<Region> regions,
      Box frame,
      TargetSimilarity similarity) {
    if (similarity == TargetSimilarity.PROBABILITY) {
      return TargetScorer.of(model, targets, regions, frame, similarity, null);
    }
    try (Lane lane = model.lane(threads)) {
      masks.painter(scene).paint(Masks.FULL, lane.input(), 0);
      lane.run();
      return TargetScorer.of(model, targets, regions, frame, similarity, lane.outputs());
    }
  }
}
