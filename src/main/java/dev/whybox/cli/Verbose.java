// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

/** A command with an option that prints stack traces. */
interface Verbose {
  /** Whether the option was given. */
  boolean verbose();
}
