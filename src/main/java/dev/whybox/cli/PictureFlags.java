// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import picocli.CommandLine.Option;

/** The options that say how large pictures are. */
final class PictureFlags {
  @Option(
      names = "--max-pixels",
      order = 32,
      paramLabel = "N",
      defaultValue = "24000000",
      description =
          "Draw larger images smaller, with at most this many pixels; the caption and the JSON say"
              + " so. Maps and numbers stay as they are. Default: ${DEFAULT-VALUE}.")
  private long maxPixels;

  long maxPixels() {
    return maxPixels;
  }
}
