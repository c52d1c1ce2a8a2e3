// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * TensorRT: it builds and runs fast engines for a GPU. {@link dev.whybox.tensorrt.TensorRtEngine}
 * opens a graph and keeps the built plans in a cache; {@link dev.whybox.tensorrt.GpuSupport} checks
 * whether a GPU can be used here. Nothing is loaded before somebody asks for a GPU. Start at {@link
 * dev.whybox.tensorrt.TensorRtEngine}.
 */
package dev.whybox.tensorrt;
