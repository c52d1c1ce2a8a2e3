// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Scores of perturbed images, on the CPU and on a GPU. {@link dev.whybox.evaluate.Backend} is a
 * model on one device, {@link dev.whybox.evaluate.Evaluator} the seam between the mathematics and
 * the machine. One contract test holds for both devices.
 */
package dev.whybox.evaluate;
