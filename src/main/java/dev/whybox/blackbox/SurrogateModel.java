// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.perturb.Segments;
import dev.whybox.shapley.GamePrediction;
import java.util.List;

/**
 * What the scores of some coalitions tell of the score of any coalition. Another method can be
 * predicted from it without a forward.
 *
 * @param segments the players
 * @param games one prediction per target
 * @param samples how many scores the predictions rest on
 */
@SuppressWarnings("exports") // for methods of this package, which predict from it
public record SurrogateModel(
    Segments segments, List<? extends GamePrediction> games, long samples) {}
