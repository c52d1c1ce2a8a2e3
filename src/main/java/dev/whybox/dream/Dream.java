// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import java.time.Duration;

/**
 * A picture that excites a target of a model, and everything that is needed to make it again.
 *
 * @param image the picture, as large as the model's input
 * @param model the model
 * @param engine the engine that ran the model
 * @param target the target
 * @param source the tensors that the target's value is read from
 * @param method the parameters of the ascent
 * @param seed the seed; the same seed gives the same picture on the same machine
 * @param elapsed the time from the call to this result
 * @param stop why the ascent ended; {@link Stop#SAMPLES} if all steps were done
 * @param start the target's value at the faint noise that the ascent began with
 * @param value the target's value at the final picture, with 8 bits per colour and not moved
 * @param trajectory the target's value at the view of each step, before the step; do not change it
 */
public record Dream(
    Image image,
    ModelInfo model,
    EngineInfo engine,
    DreamTarget target,
    Source source,
    GradientAscent method,
    long seed,
    Duration elapsed,
    Stop stop,
    double start,
    double value,
    double[] trajectory) {

  /**
   * The number of steps.
   *
   * @return at least 1
   */
  public int steps() {
    return trajectory.length;
  }

  /**
   * A short name of the target.
   *
   * @return such as {@code class:bird}
   */
  public String label() {
    return target.label(model.names());
  }
}
