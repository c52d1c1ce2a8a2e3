// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Checks that a GPU computes the same as the CPU: {@code whybox doctor --verify}. {@link
 * dev.whybox.verify.GpuChecks} is the list of checks; {@link dev.whybox.verify.Verification} runs
 * them and prints the results. Start at {@link dev.whybox.verify.GpuChecks}.
 */
package dev.whybox.verify;
