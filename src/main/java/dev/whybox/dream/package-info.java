// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Gradient ascent: it draws pictures that excite a class, a channel, a neuron or a box of a model.
 * {@link dev.whybox.dream.Dreamer} is the entry; it builds an {@link
 * dev.whybox.dream.AscentObjective} from the model's gradients. {@link dev.whybox.dream.Ascent}
 * climbs any objective and knows no model.
 */
package dev.whybox.dream;
