// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Perturbed images: how an image is cut into segments, and which pixels are hidden in sample i.
 * {@link dev.whybox.perturb.Segmentation} cuts an image into {@link dev.whybox.perturb.Segments};
 * {@link dev.whybox.perturb.Masks} hide pixels; a {@link dev.whybox.perturb.Scene} holds the image
 * and the baseline that masks mix. Start at {@link dev.whybox.perturb.Masks}.
 */
package dev.whybox.perturb;
