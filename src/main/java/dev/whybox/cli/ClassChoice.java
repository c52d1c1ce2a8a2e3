// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException.BadTarget;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds a class by the name or number that the user has typed. */
final class ClassChoice {
  private static final int SUGGESTIONS = 5;

  /** Up to this number of classes, the message lists all of them. */
  private static final int LISTED = 12;

  private ClassChoice() {}

  /**
   * The class's number. A text is first taken as a name, in lower or upper case, then as a number.
   */
  static int number(String text, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(text)) {
        return i;
      }
    }
    if (text.matches("\\d{1,9}") && Integer.parseInt(text) < names.size()) {
      return Integer.parseInt(text);
    }
    throw new BadTarget(
        "The class '%s' is unknown: the model has the classes 0 to %d. %s"
            .formatted(text, names.size() - 1, hint(text, names)));
  }

  private static String hint(String text, List<String> names) {
    if (names.size() <= LISTED) {
      return "They are " + String.join(", ", names) + ".";
    }
    List<String> near = nearest(text, names);
    if (near.isEmpty()) {
      return "The first are "
          + String.join(", ", names.subList(0, SUGGESTIONS))
          + "; `whybox inspect MODEL --json -` lists them all.";
    }
    return (near.size() == 1 ? "The nearest name is " : "The nearest names are ")
        + String.join(", ", near)
        + ".";
  }

  /** The names that are most similar to a text; empty if more than half of its letters differ. */
  static List<String> nearest(String text, List<String> names) {
    String wanted = text.toLowerCase(Locale.ROOT);
    Stream<String> sorted =
        names.stream()
            .filter(
                name ->
                    distance(wanted, name.toLowerCase(Locale.ROOT))
                        <= Math.max(wanted.length() / 2, 1))
            .sorted(
                Comparator.comparingInt(
                    (String name) -> distance(wanted, name.toLowerCase(Locale.ROOT))));
    return sorted.limit(SUGGESTIONS).toList();
  }

  /** Levenshtein's distance. A name that contains the text has a distance of at most 1. */
  private static int distance(String a, String b) {
    if (b.contains(a)) {
      return Math.min(b.length() - a.length(), 1);
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[b.length()];
  }
}
