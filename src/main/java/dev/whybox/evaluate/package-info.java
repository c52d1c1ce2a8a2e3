// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Scores of perturbed images, on the CPU and on a GPU. {@link dev.whybox.evaluate.Backend} is a
 * model on one device; {@link dev.whybox.evaluate.Evaluator} takes masks and returns scores, so the
 * methods need not know the device. Both devices pass the same contract test. Start at {@link
 * dev.whybox.evaluate.Evaluator}.
 */
package dev.whybox.evaluate;
