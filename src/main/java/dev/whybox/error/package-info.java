// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * Errors, each with its own type and a message that says what to do; and {@link
 * dev.whybox.error.Resources}, which closes many things.
 */
package dev.whybox.error;
