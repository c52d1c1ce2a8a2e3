// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Estimators of Shapley values from scores of coalitions: mathematics alone, no model, no image.
 */
package dev.whybox.shapley;
