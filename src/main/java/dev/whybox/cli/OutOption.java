// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the output folder. */
final class OutOption {
  @Option(
      names = {"-o", "--out"},
      order = 30,
      paramLabel = "DIR",
      defaultValue = "whybox-out",
      description = "The folder for the files. Default: ${DEFAULT-VALUE}.")
  private Path folder;

  Path folder() {
    return folder;
  }
}
