// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The gradient graphs of a model: opened once, kept open and run. {@link
 * dev.whybox.gradient.GradientModels} holds them, and {@link dev.whybox.gradient.GradientPass} runs
 * one. {@link dev.whybox.gradient.LossScale} scales gradients that half precision could not hold.
 * Start at {@link dev.whybox.gradient.GradientModels}.
 */
package dev.whybox.gradient;
