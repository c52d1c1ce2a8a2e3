// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the words that a mistyped word may stand for. */
final class Nearest {
  private static final int MOST = 5;

  private Nearest() {}

  /** The words most similar to a text; empty if more than half of its letters differ. */
  static List<String> of(String text, List<String> words) {
    String wanted = letters(text);
    int limit = Math.max(wanted.length() / 2, 1);
    return words.stream()
        .filter(word -> distance(wanted, letters(word)) <= limit)
        .sorted(Comparator.comparingInt(word -> distance(wanted, letters(word))))
        .limit(MOST)
        .toList();
  }

  /** A word in lower case, without the dashes before an option's name. */
  private static String letters(String word) {
    return word.toLowerCase(Locale.ROOT).replaceFirst("^-+", "");
  }

  /** Levenshtein's distance. A word that contains the text has a distance of at most 1. */
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
