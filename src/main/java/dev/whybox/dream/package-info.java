// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Gradient ascent: what a model would like to see. Knows nothing of how a gradient is computed. */
package dev.whybox.dream;
