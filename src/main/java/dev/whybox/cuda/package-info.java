// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The part of CUDA's driver API that Whybox needs: devices, memory, streams, recorded graphs,
 * kernels. Nothing here is loaded before somebody asks for a GPU. {@link
 * dev.whybox.cuda.CudaEngine} runs a model on a GPU; {@link dev.whybox.cuda.DeviceEngine} is the
 * interface that TensorRT implements. Start at {@link dev.whybox.cuda.CudaDevice}.
 */
package dev.whybox.cuda;
