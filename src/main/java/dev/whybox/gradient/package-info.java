// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Differentiated graphs of a model, kept open and run. {@link dev.whybox.gradient.GradientModels}
 * holds them, {@link dev.whybox.gradient.GradientPass} runs one, {@link
 * dev.whybox.gradient.LossScale} keeps half precision from losing a gradient.
 */
package dev.whybox.gradient;
