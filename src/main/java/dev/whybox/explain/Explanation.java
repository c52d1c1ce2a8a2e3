// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Evidence.Differentiated;
import dev.whybox.explain.Evidence.Sampled;
import dev.whybox.image.Image;
import dev.whybox.image.Keypoints;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The explanation of one target: the map, and everything that is needed to make it again.
 *
 * @param image the image
 * @param model the model
 * @param target the target
 * @param method the method and its parameters
 * @param run how the explanation was computed
 * @param scores the target's scores
 * @param attribution the values, per segment or per pixel
 * @param evidence the basis of the values
 * @param instead the method that was asked for, if this is the budget's fallback; else null
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
   * Why another method answers than the one that was asked for.
   *
   * @param asked the method that was asked for
   * @param reason why that method could not answer, a sentence
   */
  public record Instead(Method asked, String reason) {}

  /** Why the run ended. */
  public enum Stop {
    /** The run still goes on; this is a partial result. */
    RUNNING,
    /** All samples that were asked for, or that the method needs, were drawn. */
    SAMPLES,
    /** The goal for the standard errors was reached. */
    ACCURACY,
    /** The deadline was reached. */
    DEADLINE,
    /** The caller cancelled. */
    CANCELLED
  }

  /**
   * Computes the map in pixels of the image as a person sees it. Every call computes it again, so
   * keep the result if you need it twice.
   *
   * @return {@code height × width} values, row by row. Their unit is that of the score for
   *     black-box methods and that of the logit's gradient for white-box methods. A negative value
   *     of a signed method speaks against the target
   */
  public float[] map() {
    return attribution.map(image.width(), image.height());
  }

  /**
   * The name of the target's class.
   *
   * @return from the model's metadata; with the keypoint's name where one is asked about
   */
  public String className() {
    String name = model.names().get(target.classId());
    return target.region() instanceof Keypoints body && body.chosen() >= 0
        ? name + ", " + body.name(body.chosen())
        : name;
  }

  /**
   * The target's score on the unperturbed image.
   *
   * @return in [0,1]; NaN if it is not known, see {@link Scores#full}
   */
  public double fullScore() {
    return scores.full().orElse(Double.NaN);
  }

  /**
   * The target's score when every segment is absent.
   *
   * @return in [0,1]; NaN if it is not known, see {@link Scores#baseline}
   */
  public double baselineScore() {
    return scores.baseline().orElse(Double.NaN);
  }

  /**
   * The engine that ran the model.
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
   * The number of perturbed images, or of forward and backward passes, that the map is based on.
   *
   * @return at least 0
   */
  public int samples() {
    return run.samples();
  }

  /**
   * The number of images that the model was run on.
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
   * Why the run ended.
   *
   * @return the reason
   */
  public Stop stop() {
    return run.stop();
  }

  /**
   * The weighted R² of the fit.
   *
   * @return at most 1; empty for methods without a fit
   */
  public OptionalDouble fit() {
    return evidence instanceof Sampled sampled ? sampled.fit() : OptionalDouble.empty();
  }

  /**
   * How Shapley values, or values predicted from their samples, were estimated.
   *
   * @return the estimation; empty for other methods
   */
  public Optional<Estimation> estimation() {
    return evidence instanceof Sampled sampled ? sampled.estimation() : Optional.empty();
  }

  /**
   * The error of the sum of integrated gradients; see {@link Differentiated#completenessGap}.
   *
   * @return in logits, at least 0; empty for other methods
   */
  public OptionalDouble completenessGap() {
    return evidence instanceof Differentiated found
        ? found.completenessGap()
        : OptionalDouble.empty();
  }

  /**
   * The factor that gradients were multiplied by while they were computed.
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
   * Whether the values are predicted from the samples of another method, without a forward pass of
   * their own.
   *
   * @return true, for example, for LIME together with SHAP
   */
  public boolean predicted() {
    return estimation().isPresent() && forwards() == 0;
  }

  /**
   * Notes that the gradient gave the estimation no hint.
   *
   * @param why a sentence
   * @return a changed copy; the same where there is no estimation
   */
  public Explanation withoutHint(String why) {
    if (!(evidence instanceof Sampled sampled) || sampled.estimation().isEmpty()) {
      return this;
    }
    Sampled noted =
        new Sampled(sampled.fit(), sampled.estimation().map(how -> how.withoutHint(why)));
    return new Explanation(image, model, target, method, run, scores, attribution, noted, instead);
  }

  /**
   * Marks this explanation as the answer in place of another method.
   *
   * @param asked the method that was asked for
   * @param reason why that method could not answer, a sentence
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
