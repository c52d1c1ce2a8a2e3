// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.OptionalDouble;

/**
 * The scores of a target.
 *
 * @param full the target's score on the unperturbed image, in [0,1]; empty where nothing was run
 *     that tells
 * @param baseline the target's score where everything is absent, in [0,1]; empty for methods that
 *     have no baseline
 */
public record Scores(OptionalDouble full, OptionalDouble baseline) {}
