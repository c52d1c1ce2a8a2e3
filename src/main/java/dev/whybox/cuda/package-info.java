// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * CUDA's driver API as far as Whybox needs it: devices, memory, streams, graphs, kernels. Nothing
 * here is loaded before somebody asks for a GPU.
 */
package dev.whybox.cuda;
