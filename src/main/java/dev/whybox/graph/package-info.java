// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** ONNX graphs as data: read, checked, rewritten; never run. */
package dev.whybox.graph;
