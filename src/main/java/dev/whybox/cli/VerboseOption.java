// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import picocli.CommandLine.Option;

/** The option {@code --verbose} of the commands that open a model. */
final class VerboseOption {
  @Option(
      names = "--verbose",
      order = 98,
      description = "Print stack traces of errors, and the reason for the choice of the device.")
  private boolean on;

  boolean on() {
    return on;
  }
}
