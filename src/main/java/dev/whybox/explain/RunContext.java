// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import dev.whybox.yolo.Target;
import java.time.Duration;

/**
 * The data of one call that all its explanations share.
 *
 * @param model the model
 * @param engine the engine that runs the model
 * @param image the image
 * @param budget the limits of the call
 * @param start the time when the call began, in the terms of {@link System#nanoTime()}
 */
public record RunContext(
    ModelInfo model, EngineInfo engine, Image image, Budget budget, long start) {

  /**
   * The result of a method for one target.
   *
   * @param scores the target's scores
   * @param attribution the values
   * @param evidence the basis of the values
   */
  public record TargetResult(Scores scores, Attribution attribution, Evidence evidence) {}

  /**
   * The time since the call began.
   *
   * @return at least 0
   */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * The time until the deadline.
   *
   * @return seconds, below 0 after it; infinity where there is none
   */
  public double left() {
    return budget.deadline() == null
        ? Double.POSITIVE_INFINITY
        : (budget.deadline().toNanos() - elapsed().toNanos()) * 1e-9;
  }

  /**
   * Makes the explanation of one target.
   *
   * @param target what is explained
   * @param method the method and its parameters
   * @param samples the number of samples that the values are based on
   * @param forwards the number of images that the model was run on
   * @param stop why the run ended
   * @param found the result of the method
   * @return the explanation, with the time from the call until now
   */
  public Explanation explanation(
      Target target, Method method, long samples, long forwards, Stop stop, TargetResult found) {
    RunRecord run =
        new RunRecord(
            engine,
            budget.seed(),
            Math.toIntExact(samples),
            Math.toIntExact(forwards),
            elapsed(),
            stop);
    return new Explanation(
        image,
        model,
        target,
        method,
        run,
        found.scores(),
        found.attribution(),
        found.evidence(),
        null);
  }
}
