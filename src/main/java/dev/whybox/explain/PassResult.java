// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The result of one forward and backward pass for a target. Valid until the next pass.
 *
 * @param value the value that was differentiated, such as the target's logit
 * @param gradients at each tensor that was asked for, of the tensor's shape
 * @param activations of each tensor that was asked for, of the tensor's shape; none of the image
 */
public record PassResult(float value, List<FloatBuffer> gradients, List<FloatBuffer> activations) {}
