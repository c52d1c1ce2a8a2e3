// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * ONNX graphs as data: read, checked, rewritten; never run.
 *
 * <p>{@link dev.whybox.graph.OnnxFile} reads, {@link dev.whybox.graph.OnnxGraph} indexes, {@link
 * dev.whybox.graph.GraphShapes} infers shapes and constants. Each rewrite is a class of its own
 * that gives a new model.
 */
package dev.whybox.graph;
