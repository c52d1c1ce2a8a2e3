// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the class names that an export keeps in its metadata: a dictionary from numbers to names or
 * from names to numbers, or a list, as Python or JSON write them. It reads character by character,
 * so that long names need no stack.
 */
public final class ClassNames {
  private static final String OPENING = "{[(";
  private static final String CLOSING = "}])";

  /** More classes than any detector has; numbers beyond are mistakes. */
  private static final int MOST = 1_000_000;

  private final String text;
  private int at;

  private ClassNames(String text) {
    this.text = text;
  }

  /**
   * What was read.
   *
   * @param names the names by number, from 0 without gaps; empty where there are none
   * @param problem why a text could not be read, a clause without a full stop; null where it was
   *     read, or where there is none
   */
  public record Found(List<String> names, String problem) {

    /**
     * Why the names of a file are not used.
     *
     * @param classes how many classes the model's output has
     * @return the end of a sentence that begins with the file's name; empty where the file has no
     *     names
     */
    Optional<String> unused(int classes) {
      if (problem == null && names.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          ": "
              + (problem != null
                  ? "the class names in the metadata can't be read (" + problem + ")"
                  : "the metadata has "
                      + (names.size() == 1 ? "one class name" : names.size() + " class names")
                      + ", but the output has "
                      + (classes == 1 ? "one class" : classes + " classes"))
              + ". The classes are called class 0, class 1 and so on; export the model again with"
              + " its names.");
    }
  }

  /** A text that is no list of names; the message is a clause. */
  private static final class Unclear extends Exception {
    private static final long serialVersionUID = 1L;

    Unclear(String message) {
      super(message);
    }
  }

  /**
   * Reads such text as {@code {0: 'person', 1: "driver's seat"}}, without the reason where that
   * fails.
   *
   * @param text the metadata's text, or null
   * @return the names by number, from 0 without gaps; empty where the text has none
   */
  public static List<String> parse(String text) {
    return read(text).names();
  }

  /**
   * Reads such text as {@code {0: 'person', 1: "driver's seat"}}, {@code {"person": 0}} or {@code
   * ["person", "driver's seat"]}.
   *
   * @param text the metadata's text, or null
   * @return the names, or why there are none
   */
  public static Found read(String text) {
    if (text == null || text.isBlank()) {
      return new Found(List.of(), null);
    }
    try {
      return new Found(List.copyOf(new ClassNames(text).all()), null);
    } catch (Unclear e) {
      return new Found(List.of(), e.getMessage());
    }
  }

  private List<String> all() throws Unclear {
    skipSpace();
    int kind = at < text.length() ? OPENING.indexOf(text.charAt(at)) : -1;
    if (kind < 0) {
      throw new Unclear("it begins with " + next() + ", but a dictionary or a list is needed");
    }
    char end = CLOSING.charAt(kind);
    at++;
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    skipSpace();
    while (!ahead(end)) {
      String item = item(end);
      if (end == '}') {
        keys.add(item);
        skipSpace();
        take(':');
        skipSpace();
        item = item(end);
      }
      values.add(item);
      skipSpace();
      if (!ahead(end)) {
        take(',');
        skipSpace();
      }
    }
    at++;
    skipSpace();
    if (at < text.length()) {
      throw new Unclear(next() + " follows its end");
    }
    return end == '}' ? byNumber(keys, values) : values;
  }

  /** From numbers to names, or, where no key is a number, from names to numbers. */
  private static List<String> byNumber(List<String> keys, List<String> values) throws Unclear {
    boolean turned =
        keys.stream().noneMatch(ClassNames::isNumber)
            && values.stream().allMatch(ClassNames::isNumber);
    List<String> numbers = turned ? values : keys;
    List<String> names = turned ? keys : values;
    Map<Integer, String> found = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      String number = numbers.get(i);
      if (!isNumber(number) || Long.parseLong(number) >= MOST) {
        throw new Unclear("\"" + shortened(number) + "\" is no number of a class");
      }
      if (found.put(Integer.valueOf(number), names.get(i)) != null) {
        throw new Unclear("the number " + number + " stands twice");
      }
    }
    List<String> ordered = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (!found.containsKey(i)) {
        throw new Unclear(
            "it has "
                + found.size()
                + " names, but none for the number "
                + i
                + "; they count from 0");
      }
      ordered.add(found.get(i));
    }
    return ordered;
  }

  private static boolean isNumber(String item) {
    return !item.isEmpty()
        && item.length() <= 18
        && item.chars().allMatch(character -> character >= '0' && character <= '9');
  }

  /** A text in quotes, or a bare word or number up to the next separator. */
  private String item(char end) throws Unclear {
    // Python 2 writes u'…', and bytes are b'…'.
    boolean prefixed =
        at + 1 < text.length()
            && "ubUB".indexOf(text.charAt(at)) >= 0
            && "'\"".indexOf(text.charAt(at + 1)) >= 0;
    at += prefixed ? 1 : 0;
    if (ahead('\'') || ahead('"')) {
      return quoted(text.charAt(at++));
    }
    int start = at;
    while (at < text.length()
        && text.charAt(at) != ','
        && text.charAt(at) != end
        && "{[(:'\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at).strip();
    if (word.isEmpty()) {
      throw new Unclear(next() + " stands where a name or a number is needed");
    }
    return word;
  }

  private String quoted(char quote) throws Unclear {
    StringBuilder name = new StringBuilder();
    while (!ahead(quote)) {
      if (at >= text.length()) {
        throw new Unclear("a name has no closing quote");
      }
      char character = text.charAt(at++);
      if (character == '\\' && at < text.length()) {
        escape(text.charAt(at++), name);
      } else {
        name.append(character);
      }
    }
    at++;
    return name.toString();
  }

  /** What a backslash and a character stand for, in Python and JSON. */
  private void escape(char kind, StringBuilder name) {
    switch (kind) {
      case 'n' -> name.append('\n');
      case 't' -> name.append('\t');
      case 'r' -> name.append('\r');
      case 'b' -> name.append('\b');
      case 'f' -> name.append('\f');
      case 'v' -> name.append('\u000B');
      case 'a' -> name.append('\u0007');
      case '\n' -> {}
      case 'x' -> code(2, 16, kind, name);
      case 'u' -> code(4, 16, kind, name);
      case 'U' -> code(8, 16, kind, name);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        int digits = 1;
        while (digits < 3 && at + digits < text.length() && octal(text.charAt(at + digits))) {
          digits++;
        }
        code(digits, 8, kind, name);
      }
      case '\\', '\'', '"', '/' -> name.append(kind);
      default -> name.append('\\').append(kind); // Python keeps what is no escape.
    }
  }

  private static boolean octal(char character) {
    return character >= '0' && character <= '7';
  }

  /** A character by its number; where the digits are none, the text as it stands. */
  private void code(int digits, int base, char kind, StringBuilder name) {
    long number = -1;
    if (at + digits <= text.length()) {
      number = 0;
      for (int i = at; i < at + digits && number >= 0; i++) {
        int digit = Character.digit(text.charAt(i), base);
        number = digit < 0 ? -1 : number * base + digit;
      }
    }
    if (number < 0 || number > Character.MAX_CODE_POINT) {
      name.append('\\').append(kind);
      return;
    }
    name.appendCodePoint((int) number);
    at += digits;
  }

  private boolean ahead(char character) {
    return at < text.length() && text.charAt(at) == character;
  }

  private void take(char character) throws Unclear {
    if (!ahead(character)) {
      throw new Unclear(next() + " stands where \"" + character + "\" is needed");
    }
    at++;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private String next() {
    return at >= text.length()
        ? "the end"
        : "\"" + shortened(text.substring(at)) + "\" (character " + (at + 1) + ")";
  }

  private static String shortened(String item) {
    return item.length() <= 20 ? item : item.substring(0, 20) + "…";
  }
}
