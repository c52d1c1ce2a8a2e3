// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * What runs a graph: {@link dev.whybox.engine.Engine} opens a model, a {@link
 * dev.whybox.engine.Lane} runs one batch after another in buffers of its own. ONNX Runtime on the
 * CPU is here; CUDA and TensorRT have packages of their own.
 */
package dev.whybox.engine;
