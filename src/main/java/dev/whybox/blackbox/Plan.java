// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.perturb.Masks;

/**
 * A method's plan for an image: the masks of its samples, and the estimator of their scores.
 *
 * @param masks which pixels keep their colour in sample i
 * @param estimator turns the scores of the samples into values
 */
public record Plan(Masks masks, Estimator estimator) {}
