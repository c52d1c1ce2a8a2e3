// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.engine.EngineInfo;
import java.time.Duration;

/**
 * How an explanation came about.
 *
 * @param engine what ran the model
 * @param seed the seed; the same seed gives the same map
 * @param samples how many perturbed images, or passes forward and back, the map rests on
 * @param forwards how many images the model saw for it, the full image and the baseline included; a
 *     pass forward and back counts as one; 0 where all samples are those of another method
 * @param elapsed the time from the call to this result
 * @param stop why no more samples were drawn
 */
public record RunRecord(
    EngineInfo engine,
    long seed,
    int samples,
    int forwards,
    Duration elapsed,
    Explanation.Stop stop) {}
