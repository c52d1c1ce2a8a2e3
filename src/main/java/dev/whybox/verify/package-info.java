// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** Checks that a GPU computes what the CPU does: {@code whybox doctor --verify}. */
package dev.whybox.verify;
