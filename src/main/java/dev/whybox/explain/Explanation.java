// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;

/**
 * Why this box: the map of one target, and everything that is needed to make it again.
 *
 * @param image the image
 * @param model the model
 * @param engine what ran the model
 * @param target what is explained
 * @param method the method and its parameters
 * @param seed the seed; the same seed gives the same map
 * @param samples how many perturbed images, or passes forward and back, the map rests on
 * @param forwards how many images the model saw for it, the full image and the baseline included; a
 *     pass forward and back counts as one; 0 where all samples are those of another method
 * @param elapsed the time from the call to this result
 * @param stop why no more samples were drawn
 * @param fullScore the target's score on the unperturbed image, in [0,1]; NaN where nothing was run
 *     that tells
 * @param baselineScore the target's score where everything is absent, in [0,1]; NaN for methods
 *     that have no baseline
 * @param fit LIME's weighted R², at most 1; NaN for methods without a fit
 * @param completenessGap how far the sum of integrated gradients is from the difference of the
 *     logits of the image and the baseline, which it should be; in logits, at least 0; NaN for
 *     other methods
 * @param gradientScale the power of two that gradients were multiplied by while they were computed,
 *     and divided by afterwards, since half precision could not hold them else (loss scaling:
 *     Micikevicius et al. 2018); of several samples the last one's; 1 where that was not needed,
 *     NaN for methods without gradients
 * @param attribution the values as the method finds them
 * @param estimation how SHAP's values were found, or LIME's where its samples are SHAP's; else null
 * @param instead what was asked for, where this is the budget's fallback; else null
 */
public record Explanation(
    Image image,
    ModelInfo model,
    EngineInfo engine,
    Target target,
    Method method,
    long seed,
    int samples,
    int forwards,
    Duration elapsed,
    Stop stop,
    double fullScore,
    double baselineScore,
    double fit,
    double completenessGap,
    double gradientScale,
    Attribution attribution,
    Estimation estimation,
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

  /** The same as the answer in another method's place. */
  public Explanation insteadOf(Method asked, String reason) {
    return new Explanation(
        image,
        model,
        engine,
        target,
        method,
        seed,
        samples,
        forwards,
        elapsed,
        stop,
        fullScore,
        baselineScore,
        fit,
        completenessGap,
        gradientScale,
        attribution,
        estimation,
        new Instead(asked, reason));
  }
}
