// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names of results, from the names of images. */
final class Stems {
  private Stems() {}

  /**
   * File names without their extensions; where that would give one name twice (upper and lower case
   * count as one, as in many file systems) the later gets {@code -2}, {@code -3} and so on.
   */
  static List<String> of(List<Path> files) {
    Set<String> taken = new HashSet<>();
    List<String> stems = new ArrayList<>();
    for (Path file : files) {
      String stem = stem(file);
      String unique = stem;
      for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) {
        unique = stem + "-" + i;
      }
      stems.add(unique);
    }
    return stems;
  }

  private static String stem(Path file) {
    String name = file.getFileName() == null ? "image" : file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
