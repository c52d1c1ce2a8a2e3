// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.perturb.Masks;

/**
 * What a method does on an image: which pixels it hides, and what understands the scores.
 *
 * @param masks which pixels keep their colour in sample i
 * @param estimator turns the scores of the samples into values
 */
public record Plan(Masks masks, Estimator estimator) {}
