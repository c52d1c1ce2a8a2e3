// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.dream;

import dev.whybox.engine.EngineInfo;
import dev.whybox.explain.Explanation.Stop;
import dev.whybox.image.Image;
import dev.whybox.yolo.ModelInfo;
import java.time.Duration;

/**
 * What a model would like to see: a picture that excites a target, and everything that is needed to
 * make it again.
 *
 * @param image the picture, of the size of the model's input
 * @param model the model
 * @param engine what ran the model
 * @param target what was excited
 * @param source where the target's value was read
 * @param method how
 * @param seed the seed; the same seed gives the same picture on the same machine
 * @param elapsed the time from the call to this result
 * @param stop why there were no more steps; {@link Stop#SAMPLES} where all were done
 * @param start the target's value at the faint noise that the ascent began with
 * @param value the target's value at the picture, as it is: 8 bits a colour, not moved
 * @param trajectory the target's value at the view of each step, before the step; leave it
 *     unchanged
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
   * How many steps were done.
   *
   * @return at least 1
   */
  public int steps() {
    return trajectory.length;
  }

  /**
   * The target in short.
   *
   * @return such as {@code class:bird}
   */
  public String label() {
    return target.label(model.names());
  }
}
