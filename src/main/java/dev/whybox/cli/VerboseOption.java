// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import picocli.CommandLine.Option;

/** {@code --verbose} of the commands that open a model. */
final class VerboseOption {
  @Option(
      names = "--verbose",
      order = 98,
      description = "Print stack traces of errors, and why which device is used.")
  private boolean on;

  boolean on() {
    return on;
  }
}
