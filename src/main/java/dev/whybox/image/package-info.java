// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Images: reading them safely, fitting them into the detector's input, and the baselines that
 * replace hidden pixels. {@link dev.whybox.image.Image} is a decoded picture, {@link
 * dev.whybox.image.Letterbox} the way into the input and back, {@link dev.whybox.image.Region} the
 * part of an image that a target covers. Start at {@link dev.whybox.image.Image#read}.
 */
package dev.whybox.image;
