// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Engines that run ONNX graphs. An {@link dev.whybox.engine.Engine} is an open model; a {@link
 * dev.whybox.engine.Lane} runs one batch after another in its own buffers. ONNX Runtime on the CPU
 * is here; CUDA and TensorRT have packages of their own. Start at {@link dev.whybox.engine.Engine}.
 */
package dev.whybox.engine;
