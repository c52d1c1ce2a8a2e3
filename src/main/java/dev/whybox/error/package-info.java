// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The exceptions of Whybox, and {@link dev.whybox.error.Resources}, which closes many things. Every
 * error that a user can cause or meet is a subclass of {@link dev.whybox.error.WhyboxException};
 * its message says what to do. Start there.
 */
package dev.whybox.error;
