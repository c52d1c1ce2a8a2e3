// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The words of the API: {@link dev.whybox.explain.Method} and the table of methods, {@link
 * dev.whybox.explain.Budget}, progress, and {@link dev.whybox.explain.Explanation} with its
 * evidence. The methods themselves lie in the packages {@code blackbox} and {@code whitebox}.
 * Nothing here runs a model. Start at {@link dev.whybox.explain.Explanation}.
 */
package dev.whybox.explain;
