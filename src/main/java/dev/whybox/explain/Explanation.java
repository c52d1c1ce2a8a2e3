// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Why this box: the map of one target, and everything that is needed to make it again.
 *
 * @param image the image
 * @param model the model
 * @param target what is explained
 * @param method the method and its parameters
 * @param run how the explanation came about
 * @param scores what the model says of the target
 * @param attribution the values as the method finds them
 * @param evidence the basis of the values
 * @param instead what was asked for, where this is the budget's fallback; else null
 */
public record Explanation(
    Image image,
    ModelInfo model,
    Target target,
    Method method,
    RunRecord run,
    Scores scores,
    Attribution attribution,
    Evidence evidence,
    Instead instead) {

  /**
   * Why another method than the one asked for answers.
   *
   * @param asked the method that was asked for
   * @param reason why it could not answer, a sentence
   */
  public record Instead(Method asked, String reason) {}

  /** Why no more samples were drawn. */
  public enum Stop {
    /** The run goes on; this is a partial result. */
    RUNNING,
    /** All samples asked for, or needed, were drawn. */
    SAMPLES,
    /** The standard errors were small enough. */
    ACCURACY,
    /** The deadline was reached. */
    DEADLINE,
    /** The caller cancelled. */
    CANCELLED
  }

  /**
   * The map in pixels of the image as a person sees it: computed at every call, so keep it where it
   * is needed twice.
   *
   * @return {@code height × width} values, row by row, in the unit of the score (black-box methods)
   *     or of the logit's gradient; for signed methods below zero where a pixel speaks against the
   *     target
   */
  public float[] map() {
    return attribution.map(image.width(), image.height());
  }

  /**
   * The name of the target's class.
   *
   * @return from the model's metadata
   */
  public String className() {
    return model.names().get(target.classId());
  }

  /**
   * The target's score on the unperturbed image.
   *
   * @return in [0,1]; NaN where it is not known, see {@link Scores#full}
   */
  public double fullScore() {
    return scores.full().orElse(Double.NaN);
  }

  /**
   * The target's score where everything is absent.
   *
   * @return in [0,1]; NaN where it is not known, see {@link Scores#baseline}
   */
  public double baselineScore() {
    return scores.baseline().orElse(Double.NaN);
  }

  /**
   * What ran the model.
   *
   * @return name, version, device, precision
   */
  public EngineInfo engine() {
    return run.engine();
  }

  /**
   * The seed; the same seed gives the same map.
   *
   * @return any number
   */
  public long seed() {
    return run.seed();
  }

  /**
   * How many perturbed images, or passes forward and back, the map rests on.
   *
   * @return at least 0
   */
  public int samples() {
    return run.samples();
  }

  /**
   * How many images the model saw for the map.
   *
   * @return see {@link RunRecord#forwards}
   */
  public int forwards() {
    return run.forwards();
  }

  /**
   * The time from the call to this result.
   *
   * @return above 0
   */
  public Duration elapsed() {
    return run.elapsed();
  }

  /**
   * Why no more samples were drawn.
   *
   * @return the reason
   */
  public Stop stop() {
    return run.stop();
  }

  /**
   * The weighted R² of a fit.
   *
   * @return at most 1; empty for methods without a fit
   */
  public OptionalDouble fit() {
    return evidence instanceof Sampled sampled ? sampled.fit() : OptionalDouble.empty();
  }

  /**
   * How Shapley values were found, or another method's values from their samples.
   *
   * @return empty for other methods
   */
  public Optional<Estimation> estimation() {
    return evidence instanceof Sampled sampled ? sampled.estimation() : Optional.empty();
  }

  /**
   * How far the sum of integrated gradients is from what it should be.
   *
   * @return in logits, at least 0; empty for other methods
   */
  public OptionalDouble completenessGap() {
    return evidence instanceof Differentiated found
        ? found.completenessGap()
        : OptionalDouble.empty();
  }

  /**
   * What gradients were multiplied by while they were computed.
   *
   * @return a power of two, see {@link Differentiated#gradientScale}; empty for methods without
   *     gradients
   */
  public OptionalDouble gradientScale() {
    return evidence instanceof Differentiated found
        ? OptionalDouble.of(found.gradientScale())
        : OptionalDouble.empty();
  }

  /**
   * Whether no forward was run for the values, since they are predicted from the samples of another
   * method.
   *
   * @return true for such as LIME beside SHAP
   */
  public boolean predicted() {
    return estimation().isPresent() && forwards() == 0;
  }

  /**
   * The same as the answer in another method's place.
   *
   * @param asked the method that was asked for
   * @param reason why it could not answer, a sentence
   * @return a changed copy
   */
  public Explanation inPlaceOf(Method asked, String reason) {
    return new Explanation(
        image,
        model,
        target,
        method,
        run,
        scores,
        attribution,
        evidence,
        new Instead(asked, reason));
  }
}
