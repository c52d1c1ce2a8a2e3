// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import java.text.Normalizer;

/** Reduces texts to the characters that pictures can show. */
public final class PlainText {
  /** A character that the font lacks; pictures draw it themselves. */
  public static final char DOT = '·';

  /** A character that the font lacks; pictures draw it themselves. */
  public static final char ARROW = '→';

  /** A character that the font lacks; pictures draw it themselves. */
  public static final char AT_LEAST = '≥';

  /** A character that the font lacks; pictures draw it themselves. */
  public static final char AT_MOST = '≤';

  private static final String DRAWN = "" + DOT + ARROW + AT_LEAST + AT_MOST;

  private PlainText() {}

  /**
   * Replaces the characters that cannot be drawn.
   *
   * @param text any text
   * @return the text without accents, and with a question mark for each character that neither the
   *     pictures' font nor a {@linkplain FallbackFont font of the system} has
   */
  public static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .forEach(
            sign -> {
              String plain = plain(sign);
              if (plain.contains("?") && sign != '?' && FallbackFont.has(sign)) {
                out.appendCodePoint(sign);
              } else {
                out.append(plain);
              }
            });
    return out.toString();
  }

  /**
   * Whether a text loses a character.
   *
   * @param text any text
   * @return true if {@link #of} puts a question mark for one
   */
  public static boolean loses(String text) {
    return of(text).chars().filter(sign -> sign == '?').count()
        > text.chars().filter(sign -> sign == '?').count();
  }

  /**
   * Whether the pictures' own font has a character, or pictures draw it themselves.
   *
   * @param sign a code point
   * @return false for letters that need a font of the system
   */
  public static boolean own(int sign) {
    return DRAWN.indexOf(sign) >= 0 || sign >= ' ' && sign <= '~';
  }

  /** One character in the pictures' own font. */
  private static String plain(int letter) {
    StringBuilder out = new StringBuilder();
    Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKD)
        .codePoints()
        .forEach(
            sign -> {
              if (own(sign)) {
                out.append((char) sign);
              } else if (Character.getType(sign) != Character.NON_SPACING_MARK) {
                out.append(replacement(sign));
              }
            });
    return out.toString();
  }

  private static String replacement(int sign) {
    return switch (sign) {
      case '×' -> "x";
      case '−', '–', '—' -> "-";
      case 'ß' -> "ss";
      case '‘', '’' -> "'";
      case '“', '”', '„' -> "\"";
      case '\t', '\n', '\r' -> " ";
      default -> "?";
    };
  }
}
