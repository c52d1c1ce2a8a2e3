// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.perturb.Segmentation;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads segmentations by name, such as {@code grid:8x8}. */
final class SegmentsConverter implements ITypeConverter<Segmentation> {
  @Override
  public Segmentation convert(String text) {
    try {
      return Segmentation.parse(text);
    } catch (BadArgument e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
