// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.perturb.Segmentation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Segmentations such as {@code grid:8x8}. */
final class SegmentsConverter implements ITypeConverter<Segmentation> {
  private static final Pattern GRID = Pattern.compile("grid:(\\d{1,4})x(\\d{1,4})");

  @Override
  public Segmentation convert(String text) {
    Matcher grid = GRID.matcher(text);
    if (grid.matches()) {
      return Segmentation.grid(Integer.parseInt(grid.group(1)), Integer.parseInt(grid.group(2)));
    }
    throw new TypeConversionException("segments are grid:ROWSxCOLUMNS; found '" + text + "'");
  }
}
