// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * ONNX graphs as data: they are read, checked and rewritten here, never run. {@link
 * dev.whybox.graph.OnnxFile} reads a file, {@link dev.whybox.graph.OnnxGraph} indexes its nodes,
 * and {@link dev.whybox.graph.GraphShapes} infers shapes and constants. Each rewrite is a class of
 * its own that gives a new model. Start at {@link dev.whybox.graph.OnnxGraph}.
 */
package dev.whybox.graph;
