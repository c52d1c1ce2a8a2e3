// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Methods that read gradients and activations: saliency and its variants, integrated gradients, and
 * the family of Grad-CAM. A method gives a {@link dev.whybox.whitebox.GradientPlan}: the images at
 * which to differentiate, and one {@link dev.whybox.whitebox.GradientEstimator} per target. Start
 * at {@link dev.whybox.whitebox.WhiteBox}.
 */
package dev.whybox.whitebox;
