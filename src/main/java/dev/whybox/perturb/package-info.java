// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Segments, masks and scenes: what a perturbed image looks like. */
package dev.whybox.perturb;
