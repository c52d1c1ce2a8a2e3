// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The result of one forward and backward pass for one target. It is valid until the next pass.
 *
 * @param value the differentiated value, such as the target's logit
 * @param gradients one per requested tensor, in the tensor's shape
 * @param activations one per requested tensor, in the tensor's shape; the image has none
 */
public record PassResult(float value, List<FloatBuffer> gradients, List<FloatBuffer> activations) {}
