// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Gradient ascent: pictures that excite a class, a channel, a neuron or a box. {@link
 * dev.whybox.dream.Dreamer} asks the model for gradients; the ascent itself knows nothing of them.
 */
package dev.whybox.dream;
