// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes the names of results from the names of images. */
final class Stems {
  private Stems() {}

  /**
   * The file names without their extensions. If a name occurs twice, the later one gets {@code -2},
   * {@code -3} and so on. Upper and lower case count as equal, as in many file systems.
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
    return writable(dot > 0 ? name.substring(0, dot) : name);
  }

  /**
   * A file that was found in a folder may have a name that the locale has no characters for; such a
   * name can be read but not written.
   */
  private static String writable(String stem) {
    StringBuilder result = new StringBuilder();
    stem.codePoints()
        .mapToObj(Character::toString)
        .forEach(character -> result.append(isWritable(character) ? character : "_"));
    return result.toString();
  }

  private static boolean isWritable(String character) {
    try {
      return !character.equals("\uFFFD") && Path.of(character) != null;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
