// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Inference engines behind one seam. */
package dev.whybox.engine;
