// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Writes the backward pass of an ONNX graph as an ordinary ONNX graph. Start at {@link
 * dev.whybox.graph.gradient.Gradient}; the rules are in the classes that end in Rule or Rules, one
 * per family of operators.
 */
package dev.whybox.graph.gradient;
