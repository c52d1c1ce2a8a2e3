// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Methods that ask the model about changed images: SHAP, LIME and D-RISE, their estimators, and the
 * loop that draws samples in waves. A method gives a {@link dev.whybox.blackbox.Plan}: masks and an
 * {@link dev.whybox.blackbox.Estimator}. {@link dev.whybox.blackbox.ShapleyEstimatorKind} is the
 * table of estimators of Shapley values.
 */
package dev.whybox.blackbox;
