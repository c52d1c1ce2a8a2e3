// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import java.awt.Font;

/**
 * The system's fonts, for letters that the pictures' own font lacks. Java's logical font joins all
 * fonts of the machine, so it has a letter if any of them does. A machine may have no font at all,
 * as small containers do; then no letter is there.
 */
public final class FallbackFont {
  private FallbackFont() {}

  /**
   * Whether a letter can be drawn.
   *
   * @param letter a code point
   * @return false if no font of the machine has it
   */
  public static boolean has(int letter) {
    try {
      return Character.isDefined(letter) && of(12, false).canDisplay(letter);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Java's ways to say that fonts or fontconfig are not installed.
      return false;
    }
  }

  /**
   * The font.
   *
   * @param size the height of a line in pixels
   * @param bold whether its strokes are thick
   * @return Java's logical font without serifs
   */
  public static Font of(int size, boolean bold) {
    return new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size);
  }
}
