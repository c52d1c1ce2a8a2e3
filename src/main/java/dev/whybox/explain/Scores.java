// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.OptionalDouble;

/**
 * The scores of a target.
 *
 * @param full the target's score on the unperturbed image, in [0,1]; empty if no forward pass was
 *     run that tells it
 * @param baseline the target's score when every segment is absent, in [0,1]; empty for methods
 *     without a baseline
 */
public record Scores(OptionalDouble full, OptionalDouble baseline) {}
