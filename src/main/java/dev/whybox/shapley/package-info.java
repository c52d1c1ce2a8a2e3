// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The mathematics of games: estimators of Shapley values and Owen values from the scores of
 * coalitions. Nothing here knows models or images. Start at {@link
 * dev.whybox.shapley.ShapleyEstimator}; the Gaussian processes are explained in {@code
 * docs/shapley.md}.
 */
package dev.whybox.shapley;
