// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Looking inside a model: its layers and what they cost, the maps and kernels of a layer, and what
 * its activation functions do with images.
 */
package dev.whybox.inside;
