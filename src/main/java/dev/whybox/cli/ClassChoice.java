// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.error.WhyboxException.BadTarget;
import java.util.List;

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
    List<String> near = Nearest.of(text, names);
    if (near.isEmpty()) {
      return "The first are "
          + String.join(", ", names.subList(0, SUGGESTIONS))
          + "; `whybox inspect MODEL --json -` lists them all.";
    }
    return (near.size() == 1 ? "The nearest name is " : "The nearest names are ")
        + String.join(", ", near)
        + ".";
  }
}
