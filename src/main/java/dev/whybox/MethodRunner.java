// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import dev.whybox.blackbox.BlackBox;
import dev.whybox.blackbox.Explainer;
import dev.whybox.blackbox.FromSurrogate;
import dev.whybox.engine.EngineInfo;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.DeadlineTooShort;
import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.Budget;
import dev.whybox.explain.Evidence.Guessed;
import dev.whybox.explain.Explanation;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.explain.Method;
import dev.whybox.explain.ModelFree;
import dev.whybox.explain.ProgressListener;
import dev.whybox.explain.RunContext;
import dev.whybox.explain.RunContext.TargetResult;
import dev.whybox.explain.Scores;
import dev.whybox.image.Image;
import dev.whybox.whitebox.GradientExplainer;
import dev.whybox.whitebox.Saliency;
import dev.whybox.whitebox.WhiteBox;
import dev.whybox.yolo.Target;
import dev.whybox.yolo.YoloModel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one method of any kind, and gives the answer of another one where the deadline leaves it no
 * time. Safe to share between threads.
 *
 * @param model the model
 * @param engine what runs it
 * @param perturbing runs black-box methods
 * @param differentiating runs white-box methods
 * @param hinting gives black-box methods the gradient as a hint: of the CPU on every device, since
 *     the choice of coalitions depends on it, which a seed is to fix, and a GPU's plans for the
 *     sake of a hint would take minutes
 * @param closed whether to end
 */
record MethodRunner(
    YoloModel model,
    EngineInfo engine,
    Explainer perturbing,
    GradientExplainer differentiating,
    GradientExplainer hinting,
    BooleanSupplier closed) {
  /** A gradient costs about three forwards per target. */
  private static final int MOST_HINTS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(MethodRunner.class);

  /** One explanation per target; targets are checked. */
  List<Explanation> explain(
      Image image, List<Target> targets, Method method, Budget budget, ProgressListener listener) {
    return explain(image, targets, method, List.of(), budget, listener).get(0);
  }

  /**
   * The same, and what other methods find in the same scores.
   *
   * @param sharing which the method {@link BlackBox#predicts predicts}; may be empty
   * @return by the method, then by each of the others; there empty where it must run on its own
   */
  List<List<Explanation>> explain(
      Image image,
      List<Target> targets,
      Method method,
      List<? extends FromSurrogate> sharing,
      Budget budget,
      ProgressListener listener) {
    if (!(method instanceof BlackBox black)) {
      return List.of(withoutSamples(image, targets, method, budget, listener));
    }
    AtomicReference<String> noHint = new AtomicReference<>();
    try {
      List<List<Explanation>> found =
          perturbing.explain(
              image,
              targets,
              black,
              sharing,
              budget,
              listener,
              closed,
              () -> saliency(image, targets, budget, noHint));
      return noHint.get() == null
          ? found
          : found.stream()
              .map(one -> one.stream().map(why -> why.withoutHint(noHint.get())).toList())
              .toList();
    } catch (DeadlineTooShort e) {
      if (budget.fallback() == null) {
        throw e;
      }
      // What falls back is a handful of passes; it is not to fail for the same deadline.
      Budget late = new Budget(0, null, 0, budget.seed(), null);
      List<Explanation> answers = withoutSamples(image, targets, budget.fallback(), late, listener);
      List<Method> asked = new ArrayList<>(List.of(method));
      asked.addAll(sharing);
      return asked.stream()
          .map(one -> answers.stream().map(why -> why.inPlaceOf(one, e.getMessage())).toList())
          .toList();
    }
  }

  private List<Explanation> withoutSamples(
      Image image, List<Target> targets, Method method, Budget budget, ProgressListener listener) {
    if (method instanceof WhiteBox white) {
      return differentiating.explain(image, targets, white, budget, listener, closed);
    }
    if (method instanceof ModelFree guess) {
      budget.checkFor(method);
      RunContext context = new RunContext(model.info(), engine, image, budget, System.nanoTime());
      return targets.stream().map(target -> guess(context, guess, target)).toList();
    }
    throw new BadArgument(
        "The method "
            + method.name()
            + " is of no kind that can be run: a method is a BlackBox, a WhiteBox or ModelFree.");
  }

  /**
   * A detection's score is the one that it was detected with; of a user's own box it is not known,
   * nor of one keypoint.
   */
  private Explanation guess(RunContext context, ModelFree method, Target target) {
    OptionalDouble score =
        target instanceof Target.Found found && model.head().scored(target) == target.classId()
            ? OptionalDouble.of(found.detection().score())
            : OptionalDouble.empty();
    Image image = context.image();
    TargetResult found =
        new TargetResult(
            new Scores(score, OptionalDouble.empty()),
            method.guess(image.width(), image.height(), target),
            new Guessed());
    return context.explanation(target, method, 0, 0, Stop.SAMPLES, found);
  }

  /**
   * The gradient's size, as a hint for a black-box method; empty where it would cost more than it
   * tells (many targets), where time is short, or where there is no gradient. Then the method goes
   * on without it, whatever the reason.
   *
   * @param failure receives the reason where there is no gradient
   */
  private List<PixelValues> saliency(
      Image image, List<Target> targets, Budget budget, AtomicReference<String> failure) {
    if (targets.size() > MOST_HINTS || budget.deadline() != null) {
      return List.of();
    }
    try {
      return hinting
          .explain(image, targets, new Saliency(), Budget.DEFAULT, ProgressListener.NONE, closed)
          .stream()
          .map(found -> (PixelValues) found.attribution())
          .toList();
    } catch (WhyboxException e) {
      failure.set(e.getMessage());
      LOG.info("The gradient gives no hint: {}", e.getMessage());
      return List.of();
    }
  }
}
