// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The mathematics of games: estimators of Shapley values and of Owen values from scores of
 * coalitions. No model, no image.
 */
package dev.whybox.shapley;
