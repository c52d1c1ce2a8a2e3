// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Methods that read gradients and activations: saliency and its kin, integrated gradients, and the
 * family of Grad-CAM. A method gives a {@link dev.whybox.whitebox.GradientPlan}: the images to
 * differentiate at, and one {@link dev.whybox.whitebox.GradientEstimator} per target.
 */
package dev.whybox.whitebox;
