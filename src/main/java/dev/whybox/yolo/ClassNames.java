// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the class names that an export keeps in its metadata as a Python or JSON dictionary. */
public final class ClassNames {
  private static final Pattern ENTRY =
      Pattern.compile(
          "[\"']?(\\d{1,6})[\"']?\\s*:\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\")");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))");

  private ClassNames() {}

  /**
   * Reads such text as {@code {0: 'person', 1: "driver's seat"}}.
   *
   * @param text the dictionary, or null
   * @return the names by number, from 0 without gaps; empty where the text has none
   */
  public static List<String> parse(String text) {
    Map<Integer, String> found = new TreeMap<>();
    if (text != null) {
      Matcher entry = ENTRY.matcher(text);
      while (entry.find()) {
        String name = entry.group(2) != null ? entry.group(2) : entry.group(3);
        found.put(Integer.parseInt(entry.group(1)), unescape(name));
      }
    }
    List<String> names = new ArrayList<>();
    for (Map.Entry<Integer, String> entry : found.entrySet()) {
      if (entry.getKey() != names.size()) {
        return List.of();
      }
      names.add(entry.getValue());
    }
    return List.copyOf(names);
  }

  private static String unescape(String name) {
    return ESCAPE
        .matcher(name)
        .replaceAll(
            match -> {
              String hex = match.group(1) != null ? match.group(1) : match.group(2);
              String character =
                  hex == null ? match.group(3) : String.valueOf((char) Integer.parseInt(hex, 16));
              return Matcher.quoteReplacement(character);
            });
  }
}
