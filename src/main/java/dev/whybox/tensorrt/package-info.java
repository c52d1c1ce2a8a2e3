// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** TensorRT, and what it takes to use it. Nothing here is loaded before somebody asks for a GPU. */
package dev.whybox.tensorrt;
