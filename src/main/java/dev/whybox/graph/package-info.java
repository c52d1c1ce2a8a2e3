// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * ONNX graphs as data: read, checked, rewritten, differentiated; never run.
 *
 * <p>{@link dev.whybox.graph.OnnxFile} reads, {@link dev.whybox.graph.OnnxGraph} indexes, {@link
 * dev.whybox.graph.GraphShapes} infers shapes and constants. Each rewrite is a class of its own
 * that gives a new model. {@link dev.whybox.graph.gradient.Gradient} writes the backward pass; its
 * rules are in the classes that end in Rule or Rules, one a family of operators.
 */
package dev.whybox.graph;
