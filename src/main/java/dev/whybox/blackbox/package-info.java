// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Methods that run the model on changed images: SHAP, LIME and D-RISE. A method gives a {@link
 * dev.whybox.blackbox.Plan}: masks and an {@link dev.whybox.blackbox.Estimator}. The explainer
 * draws the samples in waves and gives their scores to the estimator. {@link
 * dev.whybox.blackbox.ShapleyEstimatorKind} is the table of estimators of Shapley values. Start at
 * {@link dev.whybox.blackbox.BlackBox}.
 */
package dev.whybox.blackbox;
