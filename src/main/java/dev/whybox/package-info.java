// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The front door: open a model, detect, explain, dream. Start at {@link dev.whybox.Whybox}. {@link
 * dev.whybox.Methods} is the table of methods.
 */
package dev.whybox;
