// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import java.text.Normalizer;

/** Reduces texts to the characters that the pictures' font has. */
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
   * @return the text without accents, and with a question mark for each character that the font
   *     lacks
   */
  public static String of(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKD);
    StringBuilder out = new StringBuilder(plain.length());
    plain
        .codePoints()
        .forEach(
            sign -> {
              if (DRAWN.indexOf(sign) >= 0 || sign >= ' ' && sign <= '~') {
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
