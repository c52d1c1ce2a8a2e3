// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import java.time.Duration;

/**
 * How an explanation was computed.
 *
 * @param engine the engine that ran the model
 * @param seed the seed; the same seed gives the same map
 * @param samples the number of perturbed images, or of forward and backward passes, that the map is
 *     based on
 * @param forwards the number of images that the model was run on, the full image and the baseline
 *     included. A forward and backward pass counts as one; 0 if all samples are those of another
 *     method
 * @param elapsed the time from the call to this result
 * @param stop why the run ended
 */
public record RunRecord(
    EngineInfo engine,
    long seed,
    int samples,
    int forwards,
    Duration elapsed,
    Explanation.Stop stop) {}
