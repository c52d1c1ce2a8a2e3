// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import picocli.CommandLine.Option;

/** {@code --help}, the last option of every command. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 99,
      description = "Print this help and exit.")
  private boolean asked;
}
