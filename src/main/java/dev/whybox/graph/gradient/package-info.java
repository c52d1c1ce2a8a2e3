// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Writes the backward pass of an ONNX graph as an ordinary ONNX graph. The rules for single
 * operators are in the classes that end in Rule or Rules, one class per family of operators. Start
 * at {@link dev.whybox.graph.gradient.Gradient}.
 */
package dev.whybox.graph.gradient;
