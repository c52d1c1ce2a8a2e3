// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;

/**
 * What all explanations of one call have in common.
 *
 * @param engine what runs the model
 * @param start when the call began, by {@link System#nanoTime()}
 */
public record Course(ModelInfo model, EngineInfo engine, Image image, Budget budget, long start) {

  /**
   * What a method found about one target.
   *
   * @param full the target's score on the image, in [0,1]
   * @param empty its score where everything is absent, or NaN
   * @param fit R² of a fit, or NaN
   * @param gap the completeness gap, or NaN
   * @param gradientScale what gradients were multiplied by on their way, or NaN
   * @param estimation how the values were found, or null
   */
  public record Finding(
      double full,
      double empty,
      double fit,
      double gap,
      double gradientScale,
      Attribution attribution,
      Estimation estimation) {}

  /** The time since the call. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The result for one target; {@code extra} forwards were run besides the samples. */
  public Explanation explanation(
      Target target, Method method, long samples, int extra, Stop stop, Finding finding) {
    return result(target, method, (int) samples, (int) samples + extra, stop, finding);
  }

  /** The result for one target from the samples of another method, which no forward was run for. */
  public Explanation shared(
      Target target, Method method, long samples, Stop stop, Finding finding) {
    return result(target, method, (int) samples, 0, stop, finding);
  }

  private Explanation result(
      Target target, Method method, int samples, int forwards, Stop stop, Finding finding) {
    return new Explanation(
        image,
        model,
        engine,
        target,
        method,
        budget.seed(),
        samples,
        forwards,
        elapsed(),
        stop,
        finding.full(),
        finding.empty(),
        finding.fit(),
        finding.gap(),
        finding.gradientScale(),
        finding.attribution(),
        finding.estimation(),
        null);
  }
}
