// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

/** A command that can be told to print stack traces. */
interface Verbose {
  /** Whether it was. */
  boolean verbose();
}
