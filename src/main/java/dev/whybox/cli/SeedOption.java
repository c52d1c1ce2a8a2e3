// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import picocli.CommandLine.Option;

/** The option for the seed of all random numbers. */
final class SeedOption {
  @Option(
      names = "--seed",
      order = 14,
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same result. Default: ${DEFAULT-VALUE}.")
  private long seed;

  long value() {
    return seed;
  }
}
