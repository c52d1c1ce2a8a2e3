// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.render;

import dev.whybox.explain.MapUnit;
import dev.whybox.report.Caption;
import java.util.Locale;

/**
 * A colour scale with words below it.
 *
 * @param colors the colours, from left to right
 * @param low the words below the left end
 * @param middle the words below the middle; left out where there is no room
 * @param high the words below the right end
 */
record ColorBar(ColorMap colors, String low, String middle, String high) {

  /**
   * The bar of a map. Where values lie beyond an end of the scale, that end has the sign ≤ or ≥.
   * The values of a {@linkplain MapUnit#relative relative} unit are given in percent of the map's
   * highest value, so the bars of all targets have one unit.
   */
  static ColorBar of(Scale scale, MapUnit unit) {
    ColorMap colors = ColorMap.of(scale.signed());
    if (scale.signed()) {
      String low = scale.flat() ? "against" : sign("≤ ", scale) + number(scale.low()) + " against";
      String high = scale.flat() ? "for" : "for " + sign("≥ ", scale) + number(scale.high());
      return new ColorBar(colors, low, "0", high);
    }
    if (scale.flat()) {
      return new ColorBar(colors, number(scale.low()), "the same everywhere", "");
    }
    if (unit.relative() && scale.high() > 0) {
      String low = String.format(Locale.ROOT, "%.0f %%", 100 * scale.low() / scale.high());
      return new ColorBar(colors, low, unit.words(), "100 % of this map's peak");
    }
    String high = sign("≥ ", scale) + number(scale.high());
    String peak = scale.cut() ? ", peak " + number(scale.peak()) : "";
    return new ColorBar(colors, number(scale.low()), unit.words(), high + peak);
  }

  private static String sign(String sign, Scale scale) {
    return scale.cut() ? sign : "";
  }

  private static String number(double value) {
    return Caption.number(value);
  }

  /** The height of a bar with words of this height below it, in pixels. */
  static int height(int barHeight, int textHeight) {
    return barHeight + gap(textHeight) + textHeight;
  }

  private static int gap(int textHeight) {
    return Math.max(textHeight / 5, 2);
  }

  /** Draws the bar with its upper left corner at (x, y). */
  void draw(Canvas canvas, Text text, int x, int y, int width, int barHeight) {
    for (int i = 0; i < width; i++) {
      int color = colors.at(i / (double) Math.max(width - 1, 1));
      canvas.fill(x + i, y, x + i + 1, y + barHeight, color);
    }
    int below = y + barHeight + gap(text.height());
    String end = text.cut(high, width - text.width(low));
    text.draw(canvas, low, x, below, Footer.INK);
    text.draw(canvas, end, x + width - text.width(end), below, Footer.INK);
    int room = width - 2 * Math.max(text.width(low), text.width(end)) - text.height();
    if (text.width(middle) <= room) {
      text.draw(canvas, middle, x + (width - text.width(middle)) / 2, below, Footer.INK);
    }
  }
}
